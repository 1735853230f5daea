// For a shop's page: links and buttons with data-facture-invoice open the invoice over the page and tell when it is paid.
//
//   <script src="https://pay.example/static/embed.js"></script>
//   <a data-facture-invoice href="https://pay.example/check_invoice/…">…</a>
//   document.addEventListener("facture:paid", (event) => event.detail.invoice);
//
// Once it is paid, the frame closes after some seconds, and the page goes on to the shop where that is configured; a
// listener that calls event.preventDefault() keeps it open. Without script, or where the frame is refused, the link is a
// link.
(() => {
  const home = new URL(document.currentScript.src).origin;
  // Milliseconds. Longer than a slow page takes; then the frame is taken for refused.
  const patience = 8000;
  // How long "Paid" is seen.
  const moment = 3000;

  function open(address, opener = document) {
    const frame = document.createElement("iframe");
    const close = document.createElement("button");
    const dialog = document.createElement("dialog");
    frame.src = address;
    frame.allow = "clipboard-write";
    frame.title = opener.textContent?.trim() || address.host;
    close.type = "button";
    close.textContent = "×";
    // By properties: a shop's policy may forbid inline styles.
    Object.assign(dialog.style, {
      width: "min(30rem, 100vw)", height: "min(56rem, 100dvh)", maxWidth: "none", maxHeight: "none", margin: "auto",
      padding: "0", border: "0", overflow: "hidden", background: "transparent", display: "flex", flexDirection: "column",
    });
    // Above the frame, not over it.
    Object.assign(close.style, {
      flex: "none", alignSelf: "flex-end", margin: ".25rem", width: "2.75rem", height: "2.75rem", padding: "0",
      font: "1.5rem/1 system-ui, sans-serif", color: "#14171f", background: "#fff", border: "1px solid #535b6c",
      borderRadius: "50%", cursor: "pointer",
    });
    Object.assign(frame.style, { flex: "1", minHeight: "0", width: "100%", border: "0", display: "block" });
    dialog.append(close, frame);

    const say = (type, invoice) => opener.dispatchEvent(
      new CustomEvent(type, { bubbles: true, cancelable: true, detail: { invoice, url: address.href } }),
    );
    const refused = setTimeout(() => location.assign(address), patience);
    let done;
    const hear = ({ origin, source, data }) => {
      if (origin !== home || source !== frame.contentWindow) return;
      if (data?.type === "facture:ready") {
        clearTimeout(refused);
        close.setAttribute("aria-label", data.close);
      }
      if (data?.type === "facture:paid" && !done) {
        const stays = !say("facture:paid", data.invoice);
        done = setTimeout(() => {
          if (stays) return;
          dialog.close();
          if (data.onward) location.assign(data.onward);
        }, moment);
      }
      if (data?.type === "facture:close") dialog.close();
    };
    addEventListener("message", hear);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      clearTimeout(refused);
      clearTimeout(done);
      removeEventListener("message", hear);
      dialog.remove();
      say("facture:closed");
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-facture-invoice]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!opener || !plain || event.defaultPrevented || !window.HTMLDialogElement) return;
    const address = new URL(opener.dataset.factureInvoice || opener.href, document.baseURI);
    if (address.origin !== home) return;
    event.preventDefault();
    open(address, opener);
  });
})();
