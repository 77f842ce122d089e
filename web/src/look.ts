// Sets theme and letter size before the first paint; the only script that blocks, so it stays tiny.
// The choice is kept on this device alone and never sent.
const root = document.documentElement;
root.classList.replace("no-js", "js");
try {
  const theme = localStorage.getItem("look.theme");
  if (theme) root.dataset.theme = theme;
  if (localStorage.getItem("look.size") === "elder") root.dataset.size = "elder";
} catch {
  // Storage may be forbidden; the page then follows the system.
}
