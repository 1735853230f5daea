// The page of Lightning Charge: waits for the payment, and tells the configured site around its frame what happens.
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  const { dataset, classList } = document.querySelector(".state");
  const framed = window.parent !== window && dataset.frameOrigin;
  const tell = (message) => {
    if (framed) window.parent.postMessage({ ...message, invoice: meta("invoice-id") }, dataset.frameOrigin);
  };
  const height = () => tell({ type: "height", value: document.body.scrollHeight });
  height();
  addEventListener("resize", height);
  if (classList.contains("paid")) tell({ type: "completed" });

  const later = () => setTimeout(wait, 10000);

  async function wait() {
    try {
      const { status } = await fetch(meta("invoice-poll-url"), { cache: "no-store" });
      if (status === 204 && framed) {
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
