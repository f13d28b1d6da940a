// The drawn way through a model, as the tests use it: opening a step of the block in the Inside lab.

/** Opens a step of the block, if it is not open; returns its figure. */
export async function openStep(page, step) {
  const figure = page.locator(`[data-step="${step}"]`);
  if ((await figure.count()) === 0) await page.getByTestId(`door-${step}`).click();
  await figure.waitFor();
  return figure;
}
