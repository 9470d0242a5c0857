/* Hearback inside another page. For each <a data-hearback href="https://…/{company}/ask/{question}"> (or …/log) of
   this script's own house it puts a frame behind the link. Where the frame is refused or late, the link stays. */
"use strict";
{
  const home = new URL(document.currentScript.src).origin;
  const LATE_MS = 8000;

  const frameOf = (link) => {
    const { origin, pathname, search } = new URL(link.href);
    const [, company, , question] = pathname.match(/^\/([\w-]+)\/(ask\/([\w-]+)|log)\/?$/) ?? [];
    if (origin !== home || !company) return;
    const frame = document.createElement("iframe");
    frame.src = `${home}/embed/${company}${question ? `/${question}` : ""}${search}`;
    frame.title = link.dataset.hearback || link.textContent;
    frame.loading = "lazy";
    Object.assign(frame.style, { display: "block", width: "100%", height: "1px", border: "0" });

    let greeted = false;
    let pages = 0;
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== home) return;
      const height = data?.hearback === "height" ? Number(data.height) : 0;
      if (!(height > 0 && height < 100000)) return;
      greeted = link.hidden = true;
      frame.style.height = `${Math.ceil(height)}px`;
    });
    frame.addEventListener("load", () => {
      if (pages++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView(); // the next page begins at its top
      frame.contentWindow.postMessage({ hearback: "hello" }, home);
      setTimeout(() => greeted || frame.remove(), LATE_MS);
    });
    link.after(frame);
  };

  const start = () => {
    for (const link of document.querySelectorAll("a[data-hearback]:not([data-hearback-framed])")) {
      link.setAttribute("data-hearback-framed", "");
      frameOf(link);
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
}
