import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { totp } from '../support/totp.ts';
import { watchErrors } from './support/pages.ts';

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
