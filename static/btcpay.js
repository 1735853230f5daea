// For a shop's page that was made for BTCPay: opens an invoice over the page, as a frame, and tells what becomes of it.
//
//   <script src="https://pay.example/modal/btcpay.js"></script>
//   btcpay.showInvoice("facture_…");
//   btcpay.onModalReceiveMessage(({ data }) => data === "close" || data.status);
(() => {
  let home = new URL(document.currentScript?.src ?? location.href).href.replace(/\/modal\/btcpay\.js.*$/, "");
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
    frame?.remove();
    invoice = id;
    frame = document.createElement("iframe");
    frame.name = "btcpay";
    frame.title = "Lightning";
    frame.allow = "clipboard-write";
    frame.src = address.href;
    // By properties: a shop's policy may forbid inline styles.
    Object.assign(frame.style, {
      display: "none", position: "fixed", inset: "0", width: "100%", height: "100%", border: "0", zIndex: "2000",
      background: "Canvas",
    });
    document.body.append(frame);
  }

  function showFrame() {
    if (!frame) return;
    enter();
    frame.style.display = "block";
  }

  function hideFrame() {
    if (!frame) return;
    leave();
    frame.remove();
    frame = undefined;
  }

  function appendAndShowInvoiceFrame(id, parameters) {
    appendInvoiceFrame(id, parameters);
    showFrame();
  }

  addEventListener("message", ({ origin, source, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== new URL(home).origin) return;
    const status = words[data?.type];
    if (status) receive({ data: { invoiceId: invoice, status } });
    if (data?.type === "facture:ready") receive({ data: "loaded" });
    if (data?.type === "facture:close") {
      hideFrame();
      receive({ data: "close" });
    }
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
