// What the pages do beyond links and forms. Every page works without this
// file; it reads data- attributes only, and writes neither inline style nor
// inline script, so that the content security policy may stay strict.
(() => {
  "use strict";
  const root = document.documentElement;
  const words = document.currentScript.dataset;
  root.classList.add("js");

  const on = (type, selector, act, opts) =>
    document.addEventListener(type, (e) => {
      const el = e.target instanceof Element && e.target.closest(selector);
      if (el) act(e, el);
    }, opts);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (template, values) => template.replace(/\{(\w+)\}/g, (_, k) => values[k]);

  function toast(sentence) {
    const box = document.getElementById("toasts");
    if (!box) return;
    const el = document.createElement("p");
    el.className = "toast";
    el.textContent = sentence;
    box.append(el);
    setTimeout(() => el.remove(), 4000);
  }

  // Theme: the cookie is read by the server, so no page flashes in the wrong one.
  on("click", "[data-theme-switch]", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = "theme=" + root.dataset.theme + ";path=/;max-age=31536000;samesite=lax";
  });

  // Copy.
  on("click", "[data-copy]", async (e, el) => {
    await navigator.clipboard.writeText(el.dataset.copy);
    toast(words.copied);
  });

  // Dialogs: a confirmation in a <details> becomes a modal; drawers open in place of their page.
  on("click", "[data-confirm] > summary", (e, summary) => {
    if (typeof HTMLDialogElement === "undefined") return;
    e.preventDefault();
    const details = summary.parentElement;
    const form = details.querySelector("form") || details.dialog.querySelector("form");
    if (!details.dialog) {
      details.classList.add("confirm-modal");
      details.dialog = document.createElement("dialog");
      details.dialog.className = "modal";
      details.dialog.setAttribute("aria-label", form.getAttribute("aria-label"));
      details.dialog.append(form);
      details.after(details.dialog);
      wake(details.dialog);
    }
    details.dialog.showModal();
  });
  on("click", "[data-open]", (e, el) => {
    const dialog = document.getElementById(el.dataset.open);
    if (!dialog) return;
    e.preventDefault();
    dialog.showModal();
  });
  on("click", "dialog [data-close]", (e, el) => el.closest("dialog").close());
  on("click", "dialog", (e, el) => { if (e.target === el) el.close(); });

  // An open menu closes when the reader turns elsewhere.
  document.addEventListener("click", (e) => {
    for (const m of all("details.menu[open]")) if (!m.contains(e.target)) m.open = false;
  });

  // Count characters as people do: an emoji is one.
  function count(area) {
    const out = document.querySelector('[data-chars="' + area.id + '"]');
    if (!out) return;
    const n = [...area.value].length, max = +out.dataset.max;
    out.textContent = n + " / " + max;
    out.classList.toggle("over", n > max);
  }
  on("input", "textarea", (e, el) => count(el));

  // A ready text is copied into the field it is for, where it can be changed.
  on("change", "select[data-fill]", (e, el) => {
    const field = document.getElementById(el.dataset.fill);
    if (!field || !el.value) return;
    field.value = el.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // Another document comes into view without losing what is typed beside it.
  on("click", ".viewer > .tabs a", async (e, el) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const answer = await fetch(el.href, { headers: { Accept: "text/html" } }).catch(() => null);
    const page = answer && answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const viewer = page && page.querySelector(".viewer");
    if (viewer) el.closest(".viewer").replaceWith(viewer);
    else location.href = el.href;
  });

  // The timetable adds up its hours.
  const minutes = (v) => (/^\d\d:\d\d/.test(v) ? +v.slice(0, 2) * 60 + +v.slice(3, 5) : NaN);
  function sum(day) {
    let total = 0;
    const times = all("input[type=time]", day);
    for (let i = 0; i + 1 < times.length; i += 2) {
      const d = minutes(times[i + 1].value) - minutes(times[i].value);
      if (d > 0) total += d;
    }
    const out = day.querySelector("output");
    const unit = day.closest("[data-week]").dataset.unit;
    out.textContent = total ? say(unit, { n: Math.floor(total / 6) / 10 }) : out.dataset.rest;
    day.classList.toggle("is-rest", !total);
  }
  on("input", "[data-week-day]", (e, day) => sum(day));
  on("click", "[data-week-copy]", (e, button) => {
    const days = all("[data-week-day]", button.closest("[data-week]"));
    const from = all("input", days[0]);
    for (const day of days.slice(1, 5)) {
      all("input", day).forEach((input, i) => { if (from[i]) input.value = from[i].value; });
      sum(day);
    }
  });

  // Files: refuse too large ones at once, preview pictures, take dropped ones.
  function chosen(input) {
    const drop = input.closest("[data-drop]");
    const list = document.querySelector('[data-drop-list="' + input.id + '"]');
    const max = +drop.dataset.maxMb;
    const kept = new DataTransfer();
    for (const f of input.files) {
      const mb = f.size / 1048576;
      if (max && mb > max) toast(say(words.tooLarge, { name: f.name, size: mb.toFixed(1), max }));
      else kept.items.add(f);
    }
    if (kept.files.length !== input.files.length) input.files = kept.files;
    list.replaceChildren(...[...kept.files].map(line));
    list.hidden = !kept.files.length;
  }
  function line(f) {
    const li = document.createElement("li"), pic = document.createElement("span"), text = document.createElement("span");
    const name = document.createElement("b"), note = document.createElement("span");
    li.className = "file";
    pic.className = "file-pic";
    note.className = "hint";
    name.textContent = f.name;
    note.textContent = f.size > 1048576 ? (f.size / 1048576).toFixed(1) + " MB" : Math.max(1, Math.round(f.size / 1024)) + " KB";
    if (/^image\//.test(f.type)) {
      createImageBitmap(f).then((bitmap) => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 88;
        const scale = Math.max(88 / bitmap.width, 88 / bitmap.height);
        const w = bitmap.width * scale, h = bitmap.height * scale;
        canvas.getContext("2d").drawImage(bitmap, (88 - w) / 2, (88 - h) / 2, w, h);
        pic.append(canvas);
      }).catch(() => { pic.textContent = "?"; });
    } else pic.textContent = (f.name.split(".").pop() || "").slice(0, 4).toUpperCase();
    text.append(name, note);
    li.append(pic, text);
    return li;
  }
  on("change", "[data-drop] input[type=file]", (e, el) => chosen(el));
  for (const type of ["dragenter", "dragover"]) on(type, "[data-drop]", (e, el) => el.classList.add("is-over"));
  for (const type of ["dragleave", "drop"]) on(type, "[data-drop]", (e, el) => el.classList.remove("is-over"));

  // Sending a form: the button turns, a second press does nothing; with files
  // in it the bytes are counted while they go.
  on("submit", "form", (e, form) => {
    if (e.defaultPrevented || form.method === "get" || form.method === "dialog") return;
    if (form.dataset.sent) return e.preventDefault();
    form.dataset.sent = "1";
    const button = e.submitter;
    if (button) button.classList.add("is-busy");
    const files = all("input[type=file]", form).some((i) => i.files.length);
    if (files && form.enctype === "multipart/form-data") {
      e.preventDefault();
      upload(form, button);
    }
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach(rest));
  function rest(form) {
    delete form.dataset.sent;
    all(".is-busy", form).forEach((b) => b.classList.remove("is-busy"));
  }
  function upload(form, button) {
    const bar = document.createElement("progress");
    bar.max = 100;
    (button ? button.closest(".form-end") || button.parentElement : form).before(bar);
    const request = new XMLHttpRequest();
    request.open("POST", (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.href);
    request.setRequestHeader("Accept", "text/html");
    request.upload.onprogress = (p) => { if (p.lengthComputable) bar.value = (p.loaded / p.total) * 100; };
    const failed = () => { bar.remove(); rest(form); toast(words.failed); };
    request.onerror = failed;
    request.onload = () => {
      if (!/^text\/html/.test(request.getResponseHeader("Content-Type") || "")) return failed();
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (!page.querySelector("main")) return failed();
      document.title = page.title;
      history.pushState(null, "", request.responseURL);
      document.body.replaceWith(page.body);
      scrollTo(0, 0);
      wake(document);
      if (window.htmx) window.htmx.process(document.body);
    };
    request.send(new FormData(form, button));
  }
  addEventListener("popstate", () => location.reload());

  // A code may be sent again after a while.
  function wait(button) {
    const label = button.textContent, end = Date.now() + button.dataset.wait * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      button.disabled = left > 0;
      button.textContent = left > 0 ? say(words.resend, { n: left }) : label;
      if (left > 0) setTimeout(tick, 500);
    };
    tick();
  }

  // Queues by keyboard: j, k, Enter, and / for the search.
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
    if (e.target.closest && e.target.closest("input, textarea, select, [contenteditable]")) return;
    if (e.key === "/") {
      const search = document.querySelector("main [data-search]") || document.querySelector("[data-search]");
      if (search) { e.preventDefault(); search.focus(); search.select(); }
      return;
    }
    const rows = all("table[data-keys] tbody tr");
    if (!rows.length || !["j", "k", "Enter"].includes(e.key)) return;
    const at = rows.findIndex((r) => r.classList.contains("is-at"));
    if (e.key === "Enter") {
      if (at >= 0 && e.target === document.body) rows[at].querySelector(".row-link")?.click();
      return;
    }
    const to = Math.min(Math.max(at + (e.key === "j" ? 1 : -1), 0), rows.length - 1);
    rows[at]?.classList.remove("is-at");
    rows[to].classList.add("is-at");
    rows[to].scrollIntoView({ block: "nearest" });
    rows[to].querySelector(".row-link")?.focus({ preventScroll: true });
  });

  // What only works with scripts is shown by scripts.
  function wake(within) {
    all("[data-theme-switch], [data-copy], [data-week-copy], dialog [data-close]", within).forEach((el) => { el.hidden = false; });
    all("textarea", within).forEach(count);
    all("button[data-wait]", within).forEach((b) => { if (+b.dataset.wait > 0) wait(b); });
    within.querySelector("[data-summary]")?.focus();
  }
  wake(document);
  document.addEventListener("htmx:after:swap", (e) => wake(e.target instanceof Element ? e.target : document));
})();
