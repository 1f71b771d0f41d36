// What stands in an empty conversation: words that fit the model, and ways to begin.

import { $, el } from "./dom.js";

const STORY = {
  title: "Begin a story",
  text: "This model has no chat format: it goes on with whatever you write. Give it a first line, then add lines of your own between its answers.",
  field: "Once upon a time …",
  begins: ["Once upon a time", "The old lighthouse keeper", "In the middle of the forest there stood", "“Do not open that door,” said"],
};

const CHAT = {
  title: "What is on your mind?",
  text: "The model runs on this server. Your conversations stay in this browser.",
  field: "Message",
  begins: ["Explain the difference between heat and temperature.", "Write a haiku about a lake in autumn.", "Show how to read a file line by line in Java."],
};

export function showWelcome(props) {
  const words = props.chat_template_is_fallback ? STORY : CHAT;
  $("input").placeholder = words.field;
  document.body.classList.toggle("story", Boolean(props.chat_template_is_fallback));
  $("welcome").replaceChildren(
    el("img", { src: "web/icon.svg", alt: "", width: 56, height: 56 }),
    el("h1", {}, words.title),
    el("p", {}, words.text),
    el("div", { className: "begins" }, ...words.begins.map(begin)),
    el("p", { className: "note" }, `${props.model} · ${props.architecture} · ${props.n_ctx.toLocaleString("en")} tokens of context · ${props.placement}`),
  );
}

function begin(text) {
  return el("button", {
    type: "button",
    onclick: () => {
      $("input").value = text;
      $("input").dispatchEvent(new Event("input"));
      $("input").focus();
    },
  }, text);
}
