// A real OpenID Connect provider on 127.0.0.1, for the tests and for trying out:
//   [PORT=…] [CONFORM=true] node server.mjs [<origin of the front door>]
// Prints its issuer when it listens. Until it is told an origin, at the start or by PUT /test/origin, there is no provider: 503.
// PUT /test/people/<name> says which claims somebody has from now on; any password is right.
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

const people = new Map();
let issuer;
let provider;

function providerFor(origin) {
  return new Provider(issuer, {
    clients: [
      {
        client_id: 'skein',
        client_secret: process.env.CLIENT_SECRET ?? 'a-client-secret-for-tests',
        redirect_uris: [`${origin}/api/v1/auth/oidc/callback`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    async findAccount(_, id) {
      return { accountId: id, claims: () => ({ sub: id, ...people.get(id) }) };
    },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'department', 'email'] },
    // Many providers put the groups into the ID token, others only into userinfo.
    conformIdTokenClaims: process.env.CONFORM === 'true',
    pkce: { required: () => true },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    ttl: { AuthorizationCode: 60, IdToken: 600, AccessToken: 600, Session: 3600, Interaction: 600, Grant: 3600 },
    features: {
      devInteractions: { enabled: true },
      userinfo: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
  });
}

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

const server = createServer(async (request, response) => {
  const path = new URL(request.url, issuer).pathname;
  const person = /^\/test\/people\/([\w.-]+)$/.exec(path);
  if (request.method === 'PUT' && person) {
    people.set(person[1], JSON.parse(await body(request)));
    response.writeHead(204).end();
  } else if (request.method === 'PUT' && path === '/test/origin') {
    provider = providerFor(await body(request));
    response.writeHead(204).end();
  } else if (provider) {
    provider.callback()(request, response);
  } else {
    response.writeHead(503).end();
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  if (process.argv[2]) provider = providerFor(process.argv[2]);
  process.stdout.write(`${issuer}\n`);
});
