package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/notify/mail"
	"github.com/yunshi-market/yunshi/internal/text"
)

// storage is where a marketplace keeps what it knows.
type storage struct {
	Data       string `help:"Folder of the embedded database, keys and files." default:"./data" env:"YUNSHI_DATA"`
	Database   string `help:"PostgreSQL address (postgres://…) instead of the embedded database." env:"YUNSHI_DATABASE"`
	Files      string `help:"Folder of files, or s3://BUCKET/PREFIX; in the data folder if not given." env:"YUNSHI_FILES"`
	S3Endpoint string `name:"s3-endpoint" help:"Host of the S3-compatible store." env:"YUNSHI_S3_ENDPOINT"`
	S3Region   string `name:"s3-region" help:"Its region." env:"YUNSHI_S3_REGION"`
	S3Plain    bool   `name:"s3-plain" help:"Speak HTTP to it, not HTTPS." env:"YUNSHI_S3_PLAIN"`
	LogFormat  string `help:"json or text." enum:"json,text" default:"text" env:"YUNSHI_LOG_FORMAT"`
	LogLevel   string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"YUNSHI_LOG_LEVEL"`
}

// config reads the rest from the environment: secrets have no flag, since flags
// are seen by everybody on the machine.
func (s storage) config() market.Config {
	return market.Config{
		Data: s.Data, Database: s.Database, Files: s.Files,
		S3:   market.S3{Endpoint: s.S3Endpoint, Region: s.S3Region, Plain: s.S3Plain, AccessKey: secretEnv("YUNSHI_S3_ACCESS_KEY"), SecretKey: secretEnv("YUNSHI_S3_SECRET_KEY")},
		Keys: secretEnv("YUNSHI_KEYS"), Signing: secretEnv("YUNSHI_SIGNING_KEY"),
		Log: s.logger(), Version: version,
	}
}

// secretEnv reads NAME, or the file that NAME_FILE names.
func secretEnv(name string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	if path := os.Getenv(name + "_FILE"); path != "" {
		b, err := os.ReadFile(path)
		if err == nil {
			return strings.TrimRight(string(b), "\r\n") // editors end a file with a line
		}
	}
	return ""
}

// secretFiles refuses a secret's file that cannot be read: without it a first start
// would make other keys.
func secretFiles() error {
	for _, v := range os.Environ() {
		name, path, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "YUNSHI_") || !strings.HasSuffix(name, "_FILE") || path == "" {
			continue
		}
		if _, err := os.ReadFile(path); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (s storage) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	opt := &slog.HandlerOptions{Level: level}
	var out io.Writer = os.Stderr
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, opt))
	}
	return slog.New(slog.NewTextHandler(out, opt))
}

// open opens the marketplace for a command that is done in a moment.
func (s storage) open(ctx context.Context) (*market.Market, error) {
	c := s.config()
	c.Log = slog.New(slog.DiscardHandler)
	return market.Open(ctx, c)
}

// post is how messages leave.
type post struct {
	SMTPHost     string `name:"smtp-host" help:"Mail server." env:"YUNSHI_SMTP_HOST"`
	SMTPPort     int    `name:"smtp-port" help:"Its port." default:"587" env:"YUNSHI_SMTP_PORT"`
	SMTPUser     string `name:"smtp-user" help:"User; the password is YUNSHI_SMTP_PASSWORD." env:"YUNSHI_SMTP_USER"`
	SMTPTLS      string `name:"smtp-tls" help:"required, opportunistic or none." enum:"required,opportunistic,none" default:"required" env:"YUNSHI_SMTP_TLS"`
	MailFrom     string `name:"mail-from" help:"Sender of mails." env:"YUNSHI_MAIL_FROM"`
	MailFromName string `name:"mail-from-name" help:"The sender's name." default:"云市场" env:"YUNSHI_MAIL_FROM_NAME"`

	SMSTencentID     string            `name:"sms-tencent-id" help:"Tencent Cloud SecretId for SMS; the key is YUNSHI_SMS_TENCENT_KEY." env:"YUNSHI_SMS_TENCENT_ID"`
	SMSTencentApp    string            `name:"sms-tencent-app" help:"SmsSdkAppId." env:"YUNSHI_SMS_TENCENT_APP"`
	SMSTencentSign   string            `name:"sms-tencent-sign" help:"Approved signature (签名)." env:"YUNSHI_SMS_TENCENT_SIGN"`
	SMSTencentRegion string            `name:"sms-tencent-region" help:"Region." default:"ap-guangzhou" env:"YUNSHI_SMS_TENCENT_REGION"`
	SMSTemplates     map[string]string `name:"sms-templates" help:"Approved templates by our name, with the parameters that fill them: code=123:1+2;application_decided=456:1." env:"YUNSHI_SMS_TEMPLATES"`
	SMSWebhook       string            `name:"sms-webhook" help:"Address that sends SMS for us, signed by Standard Webhooks; the secrets are YUNSHI_SMS_WEBHOOK_SECRET." env:"YUNSHI_SMS_WEBHOOK"`
	SMSWebhookAllow  []string          `name:"sms-webhook-allow" help:"Ranges of the own network that the address may be in, as 10.0.0.0/8." env:"YUNSHI_SMS_WEBHOOK_ALLOW"`
}

func (p post) transports(c *market.Config) error {
	if p.SMTPHost != "" {
		m, err := mail.New(mail.Config{Host: p.SMTPHost, Port: p.SMTPPort, Username: p.SMTPUser, Password: secretEnv("YUNSHI_SMTP_PASSWORD"),
			TLS: p.SMTPTLS, From: p.MailFrom, FromName: p.MailFromName})
		if err != nil {
			return err
		}
		c.Mail = m
	}
	t, err := p.texter()
	if t != nil && err == nil {
		c.SMS = t
	}
	return err
}

// terminal prints in the language of the terminal.
func terminal() text.Printer {
	p := text.Printer{Lang: text.Match(os.Getenv("LANG"))}
	if os.Getenv("LANG") == "" || strings.HasPrefix(os.Getenv("LANG"), "C") {
		p.Lang = text.EN
	}
	return p
}

// explain puts an error into the words of the person at the terminal.
func explain(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err.Error()
	}
	p := terminal()
	s := p.Say(f.Message)
	for _, x := range f.Fields {
		s += "\n  " + strings.TrimPrefix(x.Pointer, "/") + ": " + p.Say(x.Message)
	}
	return s
}

// failed is an error that has been told already and only sets the exit code.
type failed int

func (f failed) Error() string { return "not all is well" }

func exitCode(err error) int {
	var f failed
	if errors.As(err, &f) {
		return int(f)
	}
	return 1
}
