// For a shop's page that was made for BTCPay: opens an invoice over the page, as a frame, and tells what becomes of it.
//
//   <script src="https://pay.example/modal/btcpay.js"></script>
//   btcpay.showInvoice("facture_…");
//   btcpay.onModalReceiveMessage(({ data }) => data === "close" || data.status);
(() => {
  let home = new URL(document.currentScript?.src ?? location.href).href.replace(/\/modal\/btcpay\.js.*$/, "");
  let dialog;
  let frame;
  let invoice;
  let receive = () => {};
  let enter = () => {};
  let leave = () => {};

  // BTCPay's words for what the page in the frame tells.
  const words = { "facture:paid": "settled", "facture:expired": "expired", "facture:cancelled": "invalid" };

  function appendInvoiceFrame(id, parameters = "") {
    const address = new URL(`${home}/invoice`);
    address.search = parameters;
    address.searchParams.set("id", id);
    address.searchParams.set("view", "modal");
    dialog?.remove();
    invoice = id;
    frame = document.createElement("iframe");
    frame.name = "btcpay";
    frame.title = "Lightning";
    frame.allow = "clipboard-write";
    frame.src = address.href;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    dialog = document.createElement("dialog");
    // By properties: a shop's policy may forbid inline styles.
    Object.assign(dialog.style, {
      width: "100%", height: "100%", maxWidth: "none", maxHeight: "none", margin: "0", padding: "0", border: "0",
      overflow: "hidden", background: "Canvas", flexDirection: "column",
    });
    Object.assign(close.style, {
      flex: "none", alignSelf: "flex-end", margin: ".25rem", width: "2.75rem", height: "2.75rem", padding: "0",
      font: "1.5rem/1 system-ui, sans-serif", color: "#14171f", background: "#fff", border: "1px solid #535b6c",
      borderRadius: "50%", cursor: "pointer",
    });
    Object.assign(frame.style, { flex: "1", minHeight: "0", width: "100%", border: "0", display: "block" });
    dialog.append(close, frame);
    close.addEventListener("click", closed);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      closed();
    });
    document.body.append(dialog);
  }

  // The buyer closed it.
  function closed() {
    hideFrame();
    receive({ data: "close" });
  }

  function showFrame() {
    if (!dialog || dialog.open) return;
    enter();
    dialog.style.display = "flex";
    dialog.showModal();
  }

  function hideFrame() {
    if (!dialog) return;
    leave();
    dialog.remove();
    dialog = frame = undefined;
  }

  function appendAndShowInvoiceFrame(id, parameters) {
    appendInvoiceFrame(id, parameters);
    showFrame();
  }

  addEventListener("message", ({ origin, source, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== new URL(home).origin) return;
    const status = words[data?.type];
    if (status) receive({ data: { invoiceId: invoice, status } });
    if (data?.type === "facture:ready") {
      dialog.querySelector("button").setAttribute("aria-label", data.close);
      receive({ data: "loaded" });
    }
    if (data?.type === "facture:close") closed();
  });

  window.btcpay = {
    showFrame,
    hideFrame,
    showInvoice: appendAndShowInvoiceFrame,
    appendInvoiceFrame,
    appendAndShowInvoiceFrame,
    setApiUrlPrefix: (address) => (home = address.replace(/\/+$/, "")),
    onModalWillEnter: (call) => (enter = call),
    onModalWillLeave: (call) => (leave = call),
    onModalReceiveMessage: (call) => (receive = call),
  };
})();
