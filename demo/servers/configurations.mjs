// What an administrator would write by hand: the relay's and nginx's configuration files.

/** @typedef {import('./ports.mjs').Ports} Ports */

// nginx and TOML both read a JSON string as it stands, for the characters that occur in paths.
const quoted = JSON.stringify;

/** @param {{root: string, folder: string, ports: Ports}} place */
export function relay_configuration({ root, folder, ports }) {
  return `[listen]
public = "127.0.0.1:${ports.relay}"
private = "127.0.0.1:${ports.relay_private}"
prefix = "/waypost"

[store]
folder = ${quoted(`${folder}/relay/store`)}

[tracker]
folder = ${quoted(`${root}/build/tracker`)}

[[organisation]]
name = "demo"
origins = ["http://127.0.0.1:${ports.course}", "http://localhost:${ports.course}"]

[[organisation.destination]]
url = "http://127.0.0.1:${ports.lrs}/xapi"
api_key = "demo"
api_secret_file = ${quoted(`${folder}/relay/api_secret`)}
# A real LRS is better served by fewer, larger batches (30 is usual); here we want to watch.
update_interval_s = 2
`;
}

// The course runs no inline script and loads nothing from elsewhere; the tracker needs
// wasm-unsafe-eval for its core, and connects to its own site only.
const content_security_policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** @param {{root: string, folder: string, ports: Ports}} place */
export function nginx_configuration({ root, ports }) {
  // Under root nginx would hand its workers to "nobody", who may not be able to read this folder.
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  return `${user}daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 512; }

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  charset utf-8;
  access_log off;
  sendfile on;
  client_body_temp_path client_body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;

  # deploy/nginx/upstream.conf with this demo's port and folder.
  upstream waypost_relay {
    server 127.0.0.1:${ports.relay};
    keepalive 32;
  }
  proxy_cache_path cache keys_zone=waypost:1m max_size=16m inactive=30d;

  server {
    listen 127.0.0.1:${ports.course};
    server_name localhost;
    root ${quoted(`${root}/demo/course`)};
    index index.html;

    add_header Content-Security-Policy "${content_security_policy}";
    add_header X-Content-Type-Options nosniff;
    add_header Referrer-Policy same-origin;
    location / {
      # Pages are asked for again each time, so that an edited course shows at once.
      expires -1;
    }

    include ${quoted(`${root}/deploy/nginx/waypost.conf`)};
  }
}
`;
}
