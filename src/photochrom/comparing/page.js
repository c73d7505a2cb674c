const pair = document.getElementById("pair");
const slider = document.getElementById("slider");
const [before, after] = [...pair.querySelectorAll("figcaption")].map((one) => one.textContent.trim());
const show = () => {
  pair.style.setProperty("--at", `${slider.value}%`);
  const share = Math.round(slider.value);
  slider.setAttribute("aria-valuetext", `${share} % ${before || "before"}, ${100 - share} % ${after || "after"}`);
};
// An arrow key of its own would move a tenth of a percent.
slider.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  slider.value = Number(slider.value) + step;
  show();
});
slider.addEventListener("input", show);
pair.classList.add("live");
show();
