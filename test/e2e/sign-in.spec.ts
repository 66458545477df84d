import { expect, test } from '@playwright/test';

test.describe('somebody who is not signed in', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('is sent to the sign-in page, which says how to get a link', async ({ page }) => {
    await page.goto('/runs?status=failed');
    await expect(page).toHaveURL(/\/sign-in\?next=%2Fruns%3Fstatus%3Dfailed/);
    await expect(page.getByRole('heading', { name: 'Please sign in' })).toBeVisible();
    await expect(page.getByText('npm start')).toBeVisible();
    await expect(page).toHaveTitle(/^Sign in/);
  });

  test('with a link that was used is told so, and the token leaves the address', async ({ page }) => {
    await page.goto('/sign-in?token=this-link-was-used-long-ago-000000');
    await expect(page.getByRole('heading', { name: 'This link was used, or its time is over' })).toBeVisible();
    await expect(page).not.toHaveURL(/token/);
  });
});

test('the one-time link has signed this browser in, and no other', async ({ page, browser }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What would you like to make?');
  const stranger = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const other = await stranger.newPage();
  await other.goto(new URL('/providers', page.url()).href);
  await expect(other).toHaveURL(/\/sign-in/);
  await stranger.close();
});

test('a page that does not exist leads on', async ({ page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address');
  await page.goto('/runs/0199aaaa-0000-7000-8000-000000000000');
  await expect(page.getByRole('alert').getByText('This run was not found.')).toBeVisible();
  await expect(page.getByText(/^request /)).toBeVisible();
});
