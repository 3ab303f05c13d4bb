// Marks the stretch that the address names, #120-260, in the document's text; only ever by text nodes.

const text = document.querySelector("#text");
const whole = text.textContent;

// Offsets count Unicode code points, JavaScript's strings count UTF-16 units: cut by code points.
function show() {
  const stretch = /^#(\d{1,9})-(\d{1,9})$/.exec(location.hash);
  if (text.dataset.changed === "true" || !stretch) {
    document.querySelector("#now")?.scrollIntoView();
    return;
  }
  const points = Array.from(whole);
  const [start, end] = [Number(stretch[1]), Math.min(Number(stretch[2]), points.length)];
  if (start >= end) return;
  const mark = document.createElement("mark");
  mark.textContent = points.slice(start, end).join("");
  text.replaceChildren(points.slice(0, start).join(""), mark, points.slice(end).join(""));
  mark.scrollIntoView();
}

addEventListener("hashchange", show);
show();
