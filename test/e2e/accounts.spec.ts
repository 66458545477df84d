import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { totp } from '../support/totp.ts';
import { expectNothingSideways, seriousFaults, watchErrors } from './support/pages.ts';

const PASSWORD = 'kettle ship armchair';

test('an invited person makes an account, is offered only what they may do, and is out when switched off', async ({ page, browser }) => {
  const email = `${randomUUID()}@example.test`;
  await page.goto('/users');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Invite' }).click();
  const link = await page.getByRole('status').locator('p.font-mono').innerText();
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  const errors = watchErrors(theirs);

  await test.step('makes the account', async () => {
    await theirs.goto(link.trim());
    await expect(theirs).not.toHaveURL(/#/);
    await theirs.getByLabel('Your name').fill('Grace Student');
    await theirs.getByLabel('Password').fill('short');
    await theirs.getByRole('button', { name: 'Make the account' }).click();
    await expect(theirs.getByRole('alert').first()).toHaveText('Must have at least 12 characters.');
    await theirs.getByLabel('Password').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Make the account' }).click();
    await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('What would you like to make?');
  });
  await test.step('is not offered the pages of administrators, and the API refuses them', async () => {
    await theirs.getByRole('button', { name: 'Account: Grace Student' }).click();
    await expect(theirs.getByRole('menuitem', { name: 'Account' })).toBeVisible();
    await expect(theirs.getByRole('menuitem', { name: 'Users' })).toHaveCount(0);
    expect((await theirs.request.get('/api/v1/users', { headers: { 'X-Forwarded-For': '203.0.113.66' } })).status()).toBe(403);
    const forced = await theirs.request.post('/api/v1/runs', { headers: { Origin: new URL(theirs.url()).origin }, data: { workflow_id: 'learn_agentic_ai', run_mode: 'full_run', provider: 'demo', inputs: { learning_goal: 'Build a small agent that calls tools' } } });
    expect(forced.status()).toBe(403);
    const denied = (await (await page.request.get('/api/v1/audit?outcome=denied&limit=20')).json()) as { subject_name: string | null; resource: string | null; ip_address: string | null }[];
    // Nobody chooses the address that limits and audit know: the pages' server names the sender after whatever was claimed.
    expect(denied.map((event) => event.ip_address)).not.toContain('203.0.113.66');
    expect(denied.find((event) => event.subject_name === 'Grace Student')?.ip_address).toBe('127.0.0.1');
    expect(denied.filter((event) => event.subject_name === 'Grace Student').map((event) => event.resource)).toEqual(expect.arrayContaining(['route/api/v1/users', 'workflow/learn_agentic_ai']));
    await theirs.getByRole('menuitem', { name: 'Sign out' }).click();
  });
  await test.step('signs in with the password, and not with a wrong one', async () => {
    await theirs.getByLabel('E-mail').fill(email);
    await theirs.getByLabel('Password').fill('not my password');
    await theirs.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(theirs.getByRole('alert').first()).toContainText('E-mail address or password is wrong.');
    await theirs.getByLabel('Password').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('What would you like to make?');
    await theirs.goto('/account');
    await expect(theirs.getByText('this browser', { exact: true })).toBeVisible();
  });
  await test.step('who lost the second factor gets it taken off by the administrator, and signs in by the password alone', async () => {
    const headers = { Origin: new URL(theirs.url()).origin };
    const { secret } = (await (await theirs.request.post('/api/v1/account/two-factor', { headers, data: { password: PASSWORD } })).json()) as { secret: string };
    expect((await theirs.request.post('/api/v1/account/two-factor/confirm', { headers, data: { code: totp(secret) } })).status()).toBe(204);
    await page.reload();
    const row = page.locator(`[data-user="${email}"]`);
    await row.getByRole('button', { name: /Second factor off/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click();
    await expect(row).not.toContainText('and second factor');
    expect((await theirs.request.get('/api/v1/session')).status()).toBe(401);
    expect((await theirs.request.post('/api/v1/session/sign-in', { headers, data: { email, password: PASSWORD } })).status()).toBe(200);
  });
  await test.step('is out when the administrator switches the account off', async () => {
    await page.reload();
    const row = page.locator(`[data-user="${email}"]`);
    await row.getByRole('button', { name: /Switch off/ }).click();
    await expect(row.getByText('switched off')).toBeVisible();
    await expect.poll(async () => (await theirs.request.get('/api/v1/session')).status(), { timeout: 10_000 }).toBe(401);
  });
  // Refused requests are written by the browser itself; anything else would be a fault, of the content security policy above all.
  expect(errors.filter((line) => !/Failed to load resource/.test(line))).toEqual([]);
  await context.close();
});

test('a webhook is added, its secret shown once, a test that does not arrive is told, and it is switched off and deleted', async ({ page }) => {
  const errors = watchErrors(page);
  const host = `${randomUUID()}.example.org`;
  await page.goto('/webhooks');
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill('https://127.0.0.1/hook');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('Is not on the public internet');
  await dialog.getByLabel('Address').fill(`https://${host}/hook`);
  await dialog.getByRole('checkbox', { name: /^Question asked/ }).click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const shown = page.getByRole('status', { name: 'New signing secret' });
  await expect(shown.locator('[data-secret]')).toHaveText(/^whsec_/);
  await expect(dialog).toHaveCount(0);
  expect(await seriousFaults(page)).toEqual([]);
  await shown.getByRole('button', { name: 'I have it' }).click();
  await page.reload();
  await expect(page.getByText('whsec_')).toHaveCount(0);

  const card = page.locator(`[data-webhook="${host}"]`);
  await expect(card).toContainText('Run completed, Run failed, Question asked');
  await card.getByRole('button', { name: 'Send a test' }).click();
  // No such host: the message waits for its next try, and the page says why.
  const delivery = card.locator('[data-delivery="pending"]');
  await expect(delivery).toContainText(/not taken yet, try [23] of 8/);
  await delivery.locator('summary').click();
  await expect(delivery).toContainText(`${host} cannot be reached from here.`);
  await expect(delivery.getByLabel('Body')).toContainText('"type": "awp.webhook.test"');
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNothingSideways(page, 'webhooks with a delivery at 360 px');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveClass(/dark/);
  expect(await seriousFaults(page)).toEqual([]);
  await card.getByRole('button', { name: 'Switch off' }).click();
  await expect(card.getByText('not sent: the webhook was switched off')).toBeVisible();
  await card.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(card).toHaveCount(0);
  expect(errors.filter((line) => !/Failed to load resource/.test(line))).toEqual([]);
});
