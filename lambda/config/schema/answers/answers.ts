/** The schema of `answers:`. Its result is `AnswerSettings` of `lambda/config/answers/answer-settings.ts`. */
import { z } from 'zod';
import { secretReferenceSchema } from '../credentials.ts';
import { duration, text } from '../values.ts';

const DAY = 86_400_000;

export const answersSchema = z
  .strictObject({
    url: z
      .string()
      .optional()
      .describe(
        '`https://` URL at which `listen` is reached from outside, through a reverse proxy or a tunnel. Links in mail and the settings of Slack and PagerDuty begin with it. On AWS the deployment makes one and prints it as `AnswersUrl`.',
      ),
    listen: text(
      /^(?:\/.{1,106}|(?:\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):\d{1,5})$/,
      'is neither an address and port, such as `127.0.0.1:8025`, nor the path of a socket, such as `/run/smtp-quorum/answers.sock`',
    )
      .prefault('127.0.0.1:8025')
      .describe('Where `start` takes answers on one machine: an address and port, or the path of a Unix socket.'),
    public: z
      .boolean()
      .optional()
      .describe('`true` permits a `listen` that others than this machine reach. The connection is not encrypted.'),
    linkKey: secretReferenceSchema
      .optional()
      .describe(
        'Where the key that signs links in mail is stored: exactly one of `secret` and `env`. 32 characters or more, such as `openssl rand -hex 32` makes; a second one behind a space is accepted, too, while one replaces the other. Without it there are no links.',
      ),
    linkLifetime: duration()
      .prefault('7d')
      .refine((length) => length >= 600_000 && length <= 30 * DAY, 'must be from `10m` to `30d`')
      .describe('How long a link in mail is valid, `10m` to `30d`.'),
  })
  .optional()
  .describe(
    'How people acknowledge incidents from elsewhere: by links in mail, buttons in Slack, or in PagerDuty (docs/acknowledge.md).',
  );

export type CheckedAnswers = z.output<typeof answersSchema>;
