// On a page whose form leads on to where somebody came from: sends it by itself. Without scripts there is its button.
document.querySelector("form[data-continue]")?.requestSubmit();
