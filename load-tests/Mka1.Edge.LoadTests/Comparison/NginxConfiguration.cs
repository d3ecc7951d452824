namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>nginx as a proxy that keeps its connections and holds nothing back.</summary>
internal static class NginxConfiguration
{
    public static string Create(string folder, int port, int upstreamPort) =>
        $$"""
        daemon off;
        pid {{folder}}/nginx.pid;
        worker_processes auto;
        events { worker_connections 4096; }
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            keepalive_requests 100000000;
            upstream model_server {
                server 127.0.0.1:{{upstreamPort}};
                keepalive 512;
                keepalive_requests 100000000;
            }
            server {
                listen 127.0.0.1:{{port}};
                location /api/v1/llm/ {
                    proxy_pass http://model_server/v1/;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_buffering off;
                }
            }
        }
        """;
}
