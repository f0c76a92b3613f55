/*
 * Test equipment of the benchmarks: an OpenAI-compatible server that streams tokens on an absolute schedule and records when it wrote
 * each of them (CLOCK_MONOTONIC, which is process.hrtime). One thread, epoll, and no sleep shorter than the kernel can keep: within
 * 200 us of the next token it spins, so give it a core of its own.
 *
 *   token-server GAP_US EVENTS EVENTS_PER_WRITE FIRST_US [RECORD]
 *
 * Each request is answered with EVENTS events of one token, EVENTS_PER_WRITE in a write, GAP_US between writes (0: as fast as they are
 * read), the first FIRST_US after the request plus a random part of the gap. The body of the request decides nothing; GET is answered
 * with a list of one model. Prints its port; on SIGTERM what it did, as JSON; into RECORD, for each complete answer, doubles:
 * the number of writes, when the request was read, when each write was begun (ms).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_FDS = 65536, TOKENS = 16, READ_BYTES = 65536, SPIN_NS = 200000 };

struct stream {
  int64_t due_ns;
  int fd;
};

struct connection {
  int open;
  /* Of the request being read: how much of the head's end was seen, and of the body is left (-1: still in the head). */
  char head[4096];
  int head_bytes;
  long body_left;
  int events_left;
  int writes;
  int blocked;
  /* Of its entry in the heap: an entry of a connection that is gone is told by it. */
  int64_t due_ns;
  /* Bytes of the write that did not fit. */
  const char *rest;
  size_t rest_bytes;
  double *stamps;
};

static struct connection connections[MAX_FDS];
static struct stream heap[MAX_FDS];
static int heap_size;
static int64_t gap_ns, first_ns;
static int events_per_answer, events_per_write, epoll_fd;
static char head_text[512], *tokens[TOKENS], *tail;
static size_t head_size, token_size[TOKENS], tail_size;
static FILE *record;
static volatile sig_atomic_t stopping;
static uint64_t written, answers, late_histogram[100000], late_count;
static uint64_t random_state = 88172645463325252ULL;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void push(int fd, int64_t due_ns) {
  connections[fd].due_ns = due_ns;
  int at = heap_size++;
  while (at > 0 && heap[(at - 1) / 2].due_ns > due_ns) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = (struct stream){due_ns, fd};
}

static struct stream pop(void) {
  struct stream top = heap[0], last = heap[--heap_size];
  int at = 0;
  for (;;) {
    int child = at * 2 + 1;
    if (child >= heap_size) break;
    if (child + 1 < heap_size && heap[child + 1].due_ns < heap[child].due_ns) child++;
    if (heap[child].due_ns >= last.due_ns) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}

/* `data: …\n\n` as chunks of HTTP, `count` events in one. */
static char *chunk_of(const char *event, int count, size_t *size) {
  size_t length = strlen(event);
  char *bytes = malloc(length * count + 32);
  size_t at = sprintf(bytes, "%zx\r\n", length * count);
  for (int i = 0; i < count; i++, at += length) memcpy(bytes + at, event, length);
  at += sprintf(bytes + at, "\r\n");
  *size = at;
  return bytes;
}

#define EVENT(delta, finish) \
  "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[{\"index\":0," \
  "\"delta\":" delta ",\"logprobs\":null,\"finish_reason\":" finish "}]}\n\n"

static void make_texts(void) {
  char event[1024];
  size_t opening_size;
  char *opening = chunk_of(EVENT("{\"role\":\"assistant\",\"content\":\"\"}", "null"), 1, &opening_size);
  head_size = sprintf(head_text,
                      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n");
  memcpy(head_text + head_size, opening, opening_size);
  head_size += opening_size;
  for (int i = 0; i < TOKENS; i++) {
    snprintf(event, sizeof event, EVENT("{\"content\":\" token%d\"}", "null"), i);
    tokens[i] = chunk_of(event, events_per_write, &token_size[i]);
  }
  snprintf(event, sizeof event,
           EVENT("{}", "\"stop\"") "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                                   "\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":16,\"completion_tokens\":%d,"
                                   "\"total_tokens\":%d}}\n\ndata: [DONE]\n\n",
           events_per_answer, events_per_answer + 16);
  tail = chunk_of(event, 1, &tail_size);
  tail = realloc(tail, tail_size + 5);
  memcpy(tail + tail_size, "0\r\n\r\n", 5);
  tail_size += 5;
}

static void watch(int fd, uint32_t events, int how) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  epoll_ctl(epoll_fd, how, fd, &event);
}

static void drop(int fd) {
  connections[fd].open = 0;
  free(connections[fd].stamps);
  connections[fd].stamps = NULL;
  close(fd);
}

/* 1: all of it went out, or will; 0: the connection is gone. */
static int put(int fd, const char *bytes, size_t size) {
  struct connection *c = &connections[fd];
  ssize_t sent = send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent == (ssize_t)size) return 1;
  if (sent < 0 && errno != EAGAIN) return 0;
  c->rest = bytes + (sent < 0 ? 0 : sent);
  c->rest_bytes = size - (sent < 0 ? 0 : sent);
  c->blocked = 1;
  watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
  return 1;
}

static void end_answer(int fd) {
  struct connection *c = &connections[fd];
  answers++;
  if (record != NULL) {
    double writes = c->writes;
    fwrite(&writes, sizeof writes, 1, record);
    fwrite(c->stamps, sizeof(double), c->writes + 1, record);
  }
}

/* Writes what is due of this stream, and says when more is. */
static void write_token(int fd, int64_t due_ns) {
  struct connection *c = &connections[fd];
  int64_t at_ns = now_ns();
  /* A client that does not read: the token waits, and is late. */
  if (c->blocked) return push(fd, due_ns + 1000000);
  if (gap_ns > 0) {
    uint64_t late_us = at_ns > due_ns ? (at_ns - due_ns) / 10000 : 0;
    late_histogram[late_us < 100000 ? late_us : 99999]++;
    late_count++;
  }
  int token = c->writes % TOKENS;
  if (record != NULL) c->stamps[1 + c->writes] = at_ns / 1e6;
  c->writes++;
  written += events_per_write;
  c->events_left -= events_per_write;
  if (!put(fd, tokens[token], token_size[token])) return drop(fd);
  if (c->events_left > 0) {
    if (gap_ns > 0) push(fd, due_ns + gap_ns);
  } else if (!c->blocked) {
    if (!put(fd, tail, tail_size)) return drop(fd);
    end_answer(fd);
  }
}

/* As fast as they are read. */
static void flood(int fd) {
  struct connection *c = &connections[fd];
  for (int burst = 0; burst < 64 && c->open && !c->blocked && c->events_left > 0; burst++) write_token(fd, 0);
  /* The others get their turn. */
  if (c->open && !c->blocked && c->events_left > 0) watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

static void writable(int fd) {
  struct connection *c = &connections[fd];
  if (c->blocked) {
    ssize_t sent = send(fd, c->rest, c->rest_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return drop(fd);
    if (sent > 0) c->rest += sent, c->rest_bytes -= sent;
    if (c->rest_bytes > 0) return;
    c->blocked = 0;
  }
  watch(fd, EPOLLIN, EPOLL_CTL_MOD);
  if (gap_ns == 0 && c->events_left > 0) return flood(fd);
  if (c->events_left <= 0 && c->writes > 0 && c->rest != NULL && c->rest != tail + tail_size) {
    c->rest = NULL;
    if (!put(fd, tail, tail_size)) return drop(fd);
    end_answer(fd);
  }
}

static void begin_answer(int fd) {
  static const char models[] =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 54\r\n\r\n"
      "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"}]}";
  struct connection *c = &connections[fd];
  int is_get = strncmp(c->head, "GET ", 4) == 0;
  c->head_bytes = 0;
  c->body_left = -1;
  if (is_get) {
    if (!put(fd, models, sizeof models - 1)) drop(fd);
    return;
  }
  int64_t at_ns = now_ns();
  c->events_left = events_per_answer;
  c->writes = 0;
  c->rest = NULL;
  if (record != NULL && c->stamps == NULL) c->stamps = malloc(sizeof(double) * (events_per_answer + 2));
  if (record != NULL) c->stamps[0] = at_ns / 1e6;
  if (!put(fd, head_text, head_size)) return drop(fd);
  random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
  if (gap_ns > 0) push(fd, at_ns + first_ns + (int64_t)(random_state % (uint64_t)gap_ns));
  else flood(fd);
}

static void readable(int fd) {
  static char bytes[READ_BYTES];
  struct connection *c = &connections[fd];
  ssize_t size = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (size == 0 || (size < 0 && errno != EAGAIN)) return drop(fd);
  for (ssize_t at = 0; at < size;) {
    if (c->body_left >= 0) {
      long part = size - at < c->body_left ? size - at : c->body_left;
      c->body_left -= part;
      at += part;
    } else {
      if (c->head_bytes < (int)sizeof c->head - 1) c->head[c->head_bytes++] = bytes[at];
      at++;
      if (c->head_bytes < 4 || memcmp(c->head + c->head_bytes - 4, "\r\n\r\n", 4) != 0) continue;
      c->head[c->head_bytes] = 0;
      char *length = strcasestr(c->head, "content-length:");
      c->body_left = length == NULL ? 0 : atol(length + 15);
    }
    if (c->body_left == 0) begin_answer(fd);
    if (!c->open) return;
  }
}

static void accept_all(int listener) {
  int one = 1;
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    if (fd >= MAX_FDS) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    memset(&connections[fd], 0, sizeof connections[fd]);
    connections[fd].open = 1;
    connections[fd].body_left = -1;
    watch(fd, EPOLLIN, EPOLL_CTL_ADD);
  }
}

static void stop(int signal) {
  (void)signal;
  stopping = 1;
}

static double late_ms(double share) {
  uint64_t seen = 0;
  for (int at = 0; at < 100000; at++)
    if ((seen += late_histogram[at]) >= share * late_count && seen > 0) return at / 100.0;
  return 0;
}

int main(int count, char **arguments) {
  if (count < 5) return fprintf(stderr, "token-server GAP_US EVENTS EVENTS_PER_WRITE FIRST_US [RECORD]\n"), 2;
  gap_ns = atoll(arguments[1]) * 1000;
  events_per_answer = atoi(arguments[2]);
  events_per_write = atoi(arguments[3]);
  first_ns = atoll(arguments[4]) * 1000;
  if (count > 5) record = fopen(arguments[5], "wb");
  make_texts();
  prctl(PR_SET_TIMERSLACK, 1);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGTERM, stop);
  epoll_fd = epoll_create1(0);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  bind(listener, (struct sockaddr *)&address, sizeof address);
  listen(listener, 4096);
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  watch(listener, EPOLLIN, EPOLL_CTL_ADD);

  static struct epoll_event events[1024];
  while (!stopping) {
    int64_t rest_ns = heap_size == 0 ? 1000000000 : heap[0].due_ns - now_ns();
    int timeout_ms = rest_ns < SPIN_NS + 1000000 ? 0 : (int)((rest_ns - SPIN_NS) / 1000000);
    int found = epoll_wait(epoll_fd, events, 1024, timeout_ms);
    for (int i = 0; i < found; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        accept_all(listener);
        continue;
      }
      if ((events[i].events & EPOLLOUT) != 0 && connections[fd].open) writable(fd);
      if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && connections[fd].open) readable(fd);
    }
    /* A few at a time, so that requests are read in time too. */
    for (int i = 0; i < 64 && heap_size > 0 && heap[0].due_ns <= now_ns(); i++) {
      struct stream next = pop();
      if (connections[next.fd].open && connections[next.fd].due_ns == next.due_ns) write_token(next.fd, next.due_ns);
    }
  }
  printf("{\"written\":%llu,\"answers\":%llu,\"lateMsP50\":%.2f,\"lateMsP99\":%.2f,\"lateMsMax\":%.2f}\n", (unsigned long long)written,
         (unsigned long long)answers, late_ms(0.5), late_ms(0.99), late_ms(1));
  if (record != NULL) fclose(record);
  return 0;
}
