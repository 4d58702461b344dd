package main

import (
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account/sso"
	"github.com/yunshi-market/yunshi/internal/market"
)

// provider is the operator's own identity provider, for staff.
type provider struct {
	OIDCIssuer    string                 `name:"oidc-issuer" help:"OpenID Connect issuer with which staff sign in." env:"YUNSHI_OIDC_ISSUER"`
	OIDCClient    string                 `name:"oidc-client-id" help:"Client id there; the secret is YUNSHI_OIDC_CLIENT_SECRET." env:"YUNSHI_OIDC_CLIENT_ID"`
	OIDCName      string                 `name:"oidc-name" help:"What the button calls it; the issuer's host if not given." env:"YUNSHI_OIDC_NAME"`
	OIDCScopes    []string               `name:"oidc-scopes" help:"Scopes beside openid." default:"profile,email" env:"YUNSHI_OIDC_SCOPES"`
	OIDCRoleClaim string                 `name:"oidc-role-claim" help:"Claim that lists groups or roles, as groups or realm_access.roles." env:"YUNSHI_OIDC_ROLE_CLAIM"`
	OIDCRoles     map[string]access.Role `name:"oidc-roles" help:"Value of the claim to role: market-finance=finance;market-admins=administrator." env:"YUNSHI_OIDC_ROLES"`
	OIDCDomains   []string               `name:"oidc-domains" help:"Mail domains that are let in; any if not given." env:"YUNSHI_OIDC_DOMAINS"`
	OIDCCreate    bool                   `name:"oidc-create" help:"Make staff accounts for people of the provider whom the claim gives a role." env:"YUNSHI_OIDC_CREATE"`
	OIDCOnly      bool                   `name:"oidc-only" help:"Refuse passwords of staff; yunshi admin link lets somebody in when the provider is down." env:"YUNSHI_OIDC_ONLY"`
}

// provide puts the identity provider into the configuration; none is nothing.
func (p provider) provide(c *market.Config) error {
	if p.OIDCIssuer == "" {
		if p.OIDCOnly {
			return errors.New("--oidc-only needs --oidc-issuer: nobody of the staff could sign in")
		}
		return nil
	}
	x, err := sso.New(sso.Config{Name: p.OIDCName, Issuer: p.OIDCIssuer, ClientID: p.OIDCClient, Secret: secretEnv("YUNSHI_OIDC_CLIENT_SECRET"), Scopes: p.OIDCScopes,
		RoleClaim: p.OIDCRoleClaim, Roles: p.OIDCRoles, Domains: p.OIDCDomains, Create: p.OIDCCreate, BaseURL: c.BaseURL})
	c.Provider, c.NoStaffPasswords = x, p.OIDCOnly
	return err
}
