// Before the first paint: the theme that was chosen here before, and word that scripts run.
document.documentElement.classList.add("scripted");
try {
  const theme = localStorage.getItem("navo-qa.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* storage is shut off: the system's theme it is */ }
