import { App } from 'aws-cdk-lib';
import { configForApp } from '../lib/app-config.ts';
import { SmtpQuorum } from '../lib/smtp-quorum.ts';

const app = new App();
new SmtpQuorum(app, 'SmtpQuorum', { config: configForApp(app) });
