import { expect, test } from '@playwright/test';

const SLUG = 'tiny_gpt_lab';

/** Row C13 on the pages: an administrator takes a workflow out of the catalog, sees it told there, and brings it back. */
test('a workflow is switched off on its page, told in the catalog, and switched on there', async ({ page }) => {
  await page.goto(`/workflows/${SLUG}`);
  const title = await page.getByRole('heading', { level: 1 }).innerText();
  await page.getByRole('button', { name: /^Switch off for everybody/ }).click();
  await expect(page.getByText('nobody can start it')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Switch on again/ })).toBeVisible();
  expect((await (await page.request.get(`/api/v1/workflows/${SLUG}`)).json() as { is_active: boolean }).is_active).toBe(false);

  await page.goto('/workflows');
  const card = page.locator(`[data-workflow="${SLUG}"]`);
  await expect(card.getByText('Switched off by an administrator')).toBeVisible();
  await card.getByRole('button', { name: /^Switch on again/ }).click();
  await expect(card.getByRole('link', { name: title, exact: true })).toBeVisible();
});

test('what the API packs comes through the pages\' server packed, and lists come whole to the page that shows them', async ({ page }) => {
  const packed = page.waitForResponse((response) => response.url().includes('/api/v1/workflows?limit=200'));
  await page.goto('/workflows');
  expect((await packed).headers()['content-encoding']).toBe('gzip');
  await page.goto('/account');
  await expect(page.getByText('this browser', { exact: true })).toBeVisible();
});
