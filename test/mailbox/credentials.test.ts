import { expect, test } from 'vitest';
import { assertCredentials, credentialsFromSecret } from '../../lambda/mailbox/credentials.ts';
import type { MailboxCredentials } from '../../lambda/mailbox/session/mailbox-endpoint.ts';

const user = 'probe@example.com';
const token = { refreshToken: 'r', tokenEndpoint: 'https://login.example.com/token', clientId: 'c' };

test.each<[string, string, MailboxCredentials]>([
  ['a password', 'open sesame', { user, password: 'open sesame' }],
  ['a password that looks like JSON', '{open', { user, password: '{open' }],
  ['a password that is a list in JSON', '["a"]', { user, password: '["a"]' }],
  ['a password in JSON', '{"password":"open sesame"}', { user, password: 'open sesame' }],
  ['JSON without any of the fields', '{"a":1}', { user, password: '{"a":1}' }],
  ['an access token', '{"access_token":"t"}', { user, accessToken: 't' }],
  ['a refresh token', JSON.stringify(token), { user, ...token }],
  [
    'a refresh token in the names of OAuth, as Google writes them',
    '{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r","token_uri":"https://oauth2.example.com/token"}',
    { user, refreshToken: 'r', tokenEndpoint: 'https://oauth2.example.com/token', clientId: 'c', clientSecret: 's' },
  ],
])('a secret with %s', (_, secret, expected) => {
  expect(credentialsFromSecret(user, secret)).toEqual(expected);
});

test.each<[string, MailboxCredentials]>([
  ['an empty user', { user: '', password: 'x' }],
  ['a line end in the user', { user: 'a\r\nA2 LOGOUT', password: 'x' }],
  ['a line end in the password', { user, password: 'sesame\r\nDELE 1' }],
  ['NUL in the password', { user, password: 'sesame\0' }],
  ['SOH in the token', { user, accessToken: 'sesame\x01' }],
  ['an empty password', { user, password: '' }],
  ['a line end in the client secret', { user, ...token, clientSecret: 'sesame\n' }],
  ['a token endpoint in clear text', { user, ...token, tokenEndpoint: 'http://login.example.com/token' }],
  ['a token endpoint that looks like loopback', { user, ...token, tokenEndpoint: 'http://127.0.0.1.example.com/' }],
  ['a token endpoint that is no URL', { user, ...token, tokenEndpoint: 'login.example.com' }],
])('%s is an error of the caller, without the secret in its text', (_, credentials) => {
  let text = '';
  try {
    assertCredentials(credentials);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    text = String(error);
  }
  expect(text).not.toBe('');
  expect(text).not.toContain('sesame');
});

test('a refresh token needs its endpoint and client', () => {
  expect(() => credentialsFromSecret(user, '{"refresh_token":"sesame"}')).toThrow(/^(?!.*sesame)/);
});
