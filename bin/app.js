// Plain JavaScript, so that the CDK command line can run it with `node`. It registers the TypeScript loader first.
import { register } from 'tsx/esm/api';

register();
await import('./app.ts');
