// At build: uPlot formats numbers in `navigator.language` as it loads, and throws if that is not a language, as in a browser under LANG=C
// ("C"). The page's own languages format steps alike, so it gets the tag of one of them.
import type { Plugin } from "vite";

const FILE = /[\\/]uplot[\\/]dist[\\/]uPlot\.esm\.js$/;
const ASKS = "new Intl.NumberFormat(domEnv ? nav.language : 'en-US')";

export function tolerantCharts(): Plugin {
  return {
    name: "tolerant-charts",
    enforce: "pre",
    transform(code, id) {
      if (!FILE.test(id)) return null;
      if (code.split(ASKS).length !== 2) throw new Error(`uPlot does not say once: ${ASKS}`);
      return { code: code.replace(ASKS, 'new Intl.NumberFormat("en")'), map: null };
    },
  };
}
