// Shows the code of each example as it is in the page, and asks a lab to write, as a post's own script can.
for (const place of document.querySelectorAll("pre[data-of]")) {
  const shown = document.getElementById(place.dataset.of).cloneNode(false);
  shown.removeAttribute("id");
  place.textContent = shown.outerHTML.replaceAll("&amp;", "&").replace(/ ([\w-]+=")/g, "\n    $1");
}

const button = document.querySelector("#ask");
const said = document.querySelector("output");
button?.addEventListener("click", async () => {
  button.disabled = true;
  said.textContent = "";
  try {
    for await (const token of document.querySelector("#writer").generate("The frog", { seed: 7, maxNewTokens: 30 })) said.textContent += token.text;
  } catch (error) {
    said.textContent = error.message;
  }
  button.disabled = false;
});

// An iframe reports its height; where a post can have a script, it can adapt.
const frame = document.querySelector("#frame");
addEventListener("message", ({ source, data }) => {
  if (source === frame.contentWindow && data?.tadpole === 1 && data.type === "height") frame.style.height = `${data.pixels}px`;
});

// The script tag too, with the hash of this very version.
const { file, integrity } = await (await fetch("../tadpole-lab.json")).json();
const address = new URL(`../${file}`, location.href).href;
document.querySelector("#script").textContent =
  `<script type="module" src="${address}"\n    integrity="${integrity}"\n    crossorigin="anonymous"></script>`;
