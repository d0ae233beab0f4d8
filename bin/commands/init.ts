import { existsSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { openQuestions } from '../arguments/ask-on-terminal.ts';
import { DEFAULT_CONFIG } from '../arguments/config-file.ts';
import { type InitAnswers, type InitOptions, readAnswers } from '../arguments/init-answers.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { initialConfig } from '../init/initial-config.ts';
import { lookUpMail } from '../init/mail-lookup.ts';

interface Options extends InitOptions {
  readonly out: string;
  readonly force?: true;
}

const HELP = `
Without options it asks. With --domain or --host it does not, which suits scripts.

Examples:
  smtp-quorum init
  smtp-quorum init --domain example.com --email ops@example.com --smtp relay.example.net
  smtp-quorum init --host smtp.example.com:587 --vantages us-east-1,eu-west-1,ap-southeast-1

The file is checked before it is written. An existing file is kept, unless --force is set.`;

export function initCommand(): Command {
  return new Command('init')
    .option('--domain <domain>', 'mail domain, whose MX hosts are monitored')
    .option('--host <host[:port]>', 'a server instead of a domain')
    .option('--email <address>', 'address for alerts')
    .option('--smtp <host>', 'server that sends the e-mail of one machine; on AWS, SNS sends it')
    .option('--webhook <url>', 'webhook for alerts')
    .option('--vantages <names>', "AWS regions, separated by commas, or 'local' for this machine (default: local)")
    .option('--ehlo-name <name>', 'name for EHLO (default on AWS: probe.DOMAIN)')
    .option('-o, --out <file>', 'file to write', DEFAULT_CONFIG)
    .option('--force', 'replace an existing file')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { out } = options;
  if (existsSync(out) && !options.force)
    throw new UsageError(`${out} exists; use --force to replace it, or --out FILE`);
  const questions = openQuestions(process.stdin, process.stderr);
  const answers = await readAnswers(options, questions).finally(() => questions.close());
  const found = await lookUpMail(answers);
  const text = initialConfig(answers, found);
  const parsed = parseConfig(text, out, () => '');
  if (!parsed.ok) throw new UsageError(formatProblems(parsed.problems).trimEnd());
  writeFileSync(out, text);
  if (found.problem !== null)
    process.stderr.write(`warning: ${escapeForDisplay(warningText(answers, found.problem))}\n`);
  process.stdout.write(
    `${nextSteps(answers, out, parsed.config.targets[0]?.id ?? '')
      .map(escapeForDisplay)
      .join('\n')}\n`,
  );
}

function warningText({ domain }: InitAnswers, problem: string): string {
  return `${domain ?? ''}: ${problem}; check the name, and DNS on this machine`;
}

function nextSteps({ vantages }: InitAnswers, out: string, id: string): readonly string[] {
  const config = out === DEFAULT_CONFIG ? '' : ` --config ${out}`;
  const isLocal = vantages.includes('local');
  const deploy = `npx cdk deploy --all${out === DEFAULT_CONFIG ? '' : ` -c config=${out}`}`;
  return [
    `wrote ${out}`,
    '',
    'Next:',
    `  npx smtp-quorum probe ${id}${config}`,
    isLocal ? `  npx smtp-quorum start${config}` : `  ${deploy}`,
  ];
}
