// The page of Lightning Charge: waits for the payment, and tells the configured sites that may show it in a frame what happens.
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  const { dataset, classList } = document.querySelector(".state");
  const around = location.ancestorOrigins?.[0];
  const allowed = dataset.origins.split(" ").filter((origin) => origin && (!around || origin === around));
  const origins = window.parent === window ? [] : allowed;
  const tell = (message) => {
    // The browser gives it to the one around us only.
    for (const origin of origins) window.parent.postMessage({ ...message, invoice: meta("invoice-id") }, origin);
  };
  const height = () => tell({ type: "height", value: document.body.scrollHeight });
  height();
  addEventListener("resize", height);
  if (classList.contains("paid")) tell({ type: "completed" });

  const later = () => setTimeout(wait, 10000);

  async function wait() {
    try {
      const { status } = await fetch(meta("invoice-poll-url"), { cache: "no-store" });
      if (status === 204 && origins.length) {
        document.body.hidden = true;
        tell({ type: "completed" });
      } else if (status === 204 || status === 410) {
        location.reload();
      } else if (status === 402) {
        wait();
      } else {
        later();
      }
    } catch {
      later();
    }
  }

  if (classList.contains("unpaid")) wait();
})();
