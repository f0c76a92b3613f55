declare module 'proxy-from-env' {
  /** The proxy for this URL by HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, of either case; empty where there is none. */
  export function getProxyForUrl(url: string | URL): string;
}
