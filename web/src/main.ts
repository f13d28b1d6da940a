// Starts the page, or the frame that shows a lab in another site's page (embed.html): what both need is in this file and loads at once.
import "./style/base.css";
import "./style/controls.css";
import "./style/scales.css";
import { sayFailed } from "./shell/lab-host.ts";

/** Another site's page loads neither the bar nor, before the first error, the texts of errors. */
async function start(): Promise<void> {
  const isEmbed = document.documentElement.dataset.page === "embed";
  await (isEmbed ? import("./embed/index.ts") : import("./page.ts")).then(({ start }) => start());
}

start().catch(sayFailed);
