// Passkeys: a form with data-passkey asks the server for a challenge, the browser
// for an answer, and sends that as the form's hidden fields. Without scripts, or in
// a browser without passkeys, its button stays hidden and the other ways remain.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // What the server sends in base64url, as the browser wants it.
  function options(kind, o) {
    const out = { ...o, challenge: bytes(o.challenge) };
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      if (o[list]) out[list] = o[list].map((c) => ({ ...c, id: bytes(c.id) }));
    }
    if (kind === "create") out.user = { ...o.user, id: bytes(o.user.id) };
    return { publicKey: out };
  }

  function answer(c) {
    const r = c.response;
    const response = { clientDataJSON: text(r.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (r[name]) response[name] = text(r[name]);
    }
    if (r.getTransports) response.transports = r.getTransports();
    return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response, clientExtensionResults: c.getClientExtensionResults(),
      authenticatorAttachment: c.authenticatorAttachment || undefined });
  }

  async function run(form) {
    const kind = form.dataset.passkey;
    const asked = await fetch(form.dataset.ask, { method: "POST", headers: { Accept: "application/json" } });
    if (!/^application\/json/.test(asked.headers.get("Content-Type") || "")) throw new Error(form.dataset.failed);
    const challenge = await asked.json();
    if (!asked.ok) throw new Error(challenge.error);
    let credential;
    try {
      credential = await navigator.credentials[kind](options(kind, challenge.options));
    } catch (e) {
      throw new Error(e.name === "InvalidStateError" ? form.dataset.known : form.dataset.cancelled);
    }
    form.elements.challenge.value = challenge.id;
    form.elements.response.value = answer(credential);
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      e.stopPropagation(); // it is not sent yet
      const said = form.querySelector("[role=alert]"), button = form.querySelector("button");
      said.hidden = true;
      button.disabled = true;
      run(form).catch((err) => {
        said.textContent = err.message || form.dataset.failed;
        said.hidden = false;
        button.disabled = false;
      });
    });
  }
})();
