import { afterEach, expect, test, vi } from 'vitest';
import { inProcess } from '../cli.ts';
import { type Answers, denied, errorNamed, mockAws } from '../doctor/aws-answers.ts';

afterEach(() => vi.restoreAllMocks());

const token = '2336412f37fb687f5d51e6e2425c464de257ebe42eb1a5b0a1f2a3b4c5d6e7f8';
const topic = 'arn:aws:sns:us-east-1:123456789012:smtp-quorum-alerts';
const link = `https://sns.us-east-1.amazonaws.com/confirmation.html?TopicArn=${topic}&Token=${token}&Endpoint=ops@example.com`;
const subscription = `${topic}:11111111-2222-3333-4444-555555555555`;

async function confirm(args: readonly string[], answers: Answers = {}) {
  const sent: { input: unknown; region: string }[] = [];
  mockAws({
    ConfirmSubscriptionCommand: (input, region) => {
      sent.push({ input, region });
      return { SubscriptionArn: subscription };
    },
    GetCallerIdentityCommand: () => ({ Account: '123456789012' }),
    ...answers,
  });
  return { ...(await inProcess(['confirm-subscription', ...args])), sent };
}

test.each<[string, string[]]>([
  ['the link of the mail', [link]],
  [
    'the link of an HTTPS subscriber',
    [`https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${token}`],
  ],
  ['a link that a filter wrapped', [`https://eur01.safelinks.example.com/?url=${encodeURIComponent(link)}&data=1`]],
  ['a token and its topic', [token, '--topic', topic]],
  ['a token and the table', [token, '--table', 'smtp-quorum', '--region', 'us-east-1']],
])('%s: confirmed so that only the account can end it', async (_, args) => {
  const { code, stdout, stderr, sent } = await confirm(args);
  expect([code, stderr]).toEqual([0, '']);
  const input = { TopicArn: topic, Token: token, AuthenticateOnUnsubscribe: 'true' };
  expect(sent).toEqual([{ input, region: 'us-east-1' }]);
  expect(stdout).toContain(`confirmed: ${subscription}`);
  expect(stdout).not.toContain(token);
});

test.each<[string, string[], Answers, RegExp]>([
  ['an expired token', [link], fails('InvalidParameterException', 'Invalid parameter: Token'), /valid for 48 hours/],
  [
    'the wrong account',
    [link],
    fails('NotFoundException', 'Topic does not exist'),
    /not found in us-east-1; check the region/,
  ],
  [
    'no permission',
    [link],
    { ConfirmSubscriptionCommand: () => denied('sns:ConfirmSubscription') },
    /permission denied: sns:Confirm/,
  ],
  [
    'no credentials',
    [link],
    fails('CredentialsProviderError', 'Could not load credentials'),
    /no AWS credentials found/,
  ],
  ['the wrong region', [link, '--region', 'eu-west-1'], {}, /the topic is in us-east-1, not in eu-west-1/],
  ['another topic', [link, '--topic', `${topic}2`], {}, /leave --topic out/],
  [
    'a link to unsubscribe',
    [`https://sns.us-east-1.amazonaws.com/unsubscribe.html?SubscriptionArn=${subscription}`],
    {},
    /ends a subscription/,
  ],
  [
    'a link that the shell cut',
    [`https://sns.us-east-1.amazonaws.com/confirmation.html?TopicArn=${topic}`],
    {},
    /put it in quotes/,
  ],
  ['a link of another host', [link.replace('amazonaws.com', 'amazonaws.com.example.com')], {}, /no link of SNS/],
  ['a topic that is none', [token, '--topic', 'smtp-quorum-alerts'], {}, /the ARN of the topic is not valid/],
  ['no text', [''], {}, /no token and no link/],
])('%s: in words, exit 3, without the token', async (_, args, answers, words) => {
  const { code, stderr } = await confirm(args, answers);
  expect(code).toBe(3);
  expect(stderr).toMatch(words);
  expect(stderr).not.toContain(token);
});

function fails(name: string, message: string): Answers {
  return { ConfirmSubscriptionCommand: () => errorNamed(name, message) };
}
