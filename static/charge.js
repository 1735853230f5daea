// The page of Lightning Charge: tells the configured sites that may show it in a frame how tall it is and that it is paid.
// checkout.js, which comes after it, does the rest.
(() => {
  const about = document.querySelector("meta[name=facture]").dataset;
  const around = location.ancestorOrigins?.[0];
  const allowed = about.origins.split(" ").filter((origin) => origin && (!around || origin === around));
  const origins = window.parent === window ? [] : allowed;
  const tell = (message) => {
    // The browser gives it to the one around us only.
    for (const origin of origins) window.parent.postMessage({ ...message, invoice: about.invoice }, origin);
  };
  const height = () => tell({ type: "height", value: document.body.scrollHeight });
  height();
  addEventListener("resize", height);
  if (document.querySelector(".state.paid")) tell({ type: "completed" });

  // The page around us shows what comes next.
  document.addEventListener("facture:final", (event) => {
    if (!event.detail.paid || !origins.length) return setTimeout(height);
    event.preventDefault();
    document.body.hidden = true;
    tell({ type: "completed" });
  });
})();
