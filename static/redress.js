// Extras only: every page works without this file.
// Counts the time left down, in the same words as the page.
const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"]];

function inWords(seconds) {
  const end = seconds > 0 ? "left" : "late";
  let rest = Math.abs(seconds);
  const first = UNITS.findIndex(([size]) => rest >= size);
  if (first < 0) return `less than a minute ${end}`;
  const parts = [];
  for (const [size, name] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return `${parts.join(" ")} ${end}`;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    const seconds = Math.floor((new Date(clock.dataset.countdown) - Date.now()) / 1000);
    const words = inWords(seconds);
    if (clock.textContent !== words) clock.textContent = words;
  }
}

tick();
setInterval(tick, 15000);

// A button that copies a text to hand on; without this file the text can be copied by hand.
for (const place of document.querySelectorAll("[data-copies]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button secondary";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const text = document.getElementById(place.dataset.copies);
    text.select();
    await navigator.clipboard.writeText(text.value).catch(() => document.execCommand("copy"));
    button.textContent = "Copied";
  });
  place.append(button);
}
