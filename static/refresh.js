// On a page that says what is wrong for the moment: asks again by itself, more and more slowly, and shows what comes.
(() => {
  let pause = 1000 * Number(document.currentScript.dataset.seconds);
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
      if (answer.status !== 503) return location.reload();
    } catch {
      // The network is away: later.
    }
    pause = Math.min(pause * 1.5, 60000);
    setTimeout(ask, pause);
  };
  setTimeout(ask, pause);
})();
