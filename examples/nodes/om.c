/* OM(m), one general of it: the oral-message algorithm, written from section 3 of Lamport, Shostak and Pease, "The
 * Byzantine Generals Problem", ACM Transactions on Programming Languages and Systems 4(3), 1982.
 *
 * OM(0)  1. The commander sends his value to every lieutenant.
 *        2. Each lieutenant uses the value that he receives, or RETREAT if he receives none.
 * OM(m)  1. The commander sends his value to every lieutenant.
 *        2. Each lieutenant acts as the commander of an OM(m-1), to send the value that he received, or else RETREAT,
 *           to each of the n-2 other lieutenants.
 *        3. Each lieutenant uses the majority of n-1 values: the one that he received in step 1, and for each other
 *           lieutenant the one that he came to in that one's OM(m-1).
 *
 * The messages are those of docs/reference/node-protocol.md. Build it with `cc -O2 -o om om.c`. */
#include "json.h"

#define INITIALISED "\"init_ok\",\"again\":true"
#define UNKNOWN "\"error\",\"code\":10,\"text\":\"I only know om\""
#define UNREADABLE "\"error\",\"code\":12,\"text\":\"no message, or not all of one, or one before init\""

typedef struct om {           /* an OM that somebody else commands */
    const char *value;        /* what he sent */
    struct om **inside;       /* the OM in which each other lieutenant commands, made when it is first spoken of */
} OM;

static OM whole;              /* the outermost; of the commander himself, its value is his order */
static const char *orders;    /* the list of all there are, RETREAT first; each is known by its place in it */
static const char *neighbours;
static long n, m, me, now;    /* now: the round */
static long *path;            /* the commanders of the OM in hand and of those around it, as many as it is deep */

static OM *inside(OM *om, long j)
{
    if (!om->inside) om->inside = memset(room(NULL, n * sizeof(OM *)), 0, n * sizeof(OM *));
    if (!om->inside[j]) *(om->inside[j] = room(NULL, sizeof(OM))) = (OM){first(orders), NULL};
    return om->inside[j];
}

static int other(long j, long depth)      /* whether j is another lieutenant in the OM in hand */
{
    for (long i = 0; i < depth; i++) if (path[i] == j) return 0;
    return j != me && j >= 0 && j < n;
}

static const char *known(const char *s)   /* the order that is written like the value at s, as it is in the list */
{
    const char *order = first(orders);
    while (order && s && strncmp(order, s, size(order))) order = next(order);
    return s ? order : NULL;
}

static void receive(long sender, const char *label, const char *order)
{
    OM *om = &whole;
    long depth = 0;
    for (label = first(label); label && other(number(label), depth); label = next(label)) path[depth++] = number(label);
    if (label || !depth || depth != now || path[0] || path[depth - 1] != sender || !known(order)) return;
    for (long i = 1; i < depth; i++) om = inside(om, path[i]);
    om->value = known(order);
}

static void send(const char *value, long depth)  /* step 1: the commander, me, sends his value to every lieutenant */
{
    for (const char *to = first(neighbours); to; to = next(to)) {
        if (!other(general(to), depth)) continue;
        printf("{\"src\":\"n%ld\",\"dest\":%.*s,\"body\":{\"type\":\"order\",", me, size(to), to);
        printf("\"round\":%ld,\"order\":%.*s,\"label\":[", now, size(value), value);
        for (long i = 0; i < depth; i++) printf(i ? ",%ld" : "%ld", path[i]);
        puts("]}}");
    }
}

static void act_as_commander(OM *om, long depth) /* step 2, in those OMs inside that began in the round before */
{
    if (depth == now - 1) path[depth] = me, send(om->value, depth + 1);
    else for (long j = 0; j < n; j++)
        if (other(j, depth)) path[depth] = j, act_as_commander(inside(om, j), depth + 1);
}

static const char *majority(const char **values, long count)
{
    for (const char *order = first(orders); order; order = next(order)) {
        long votes = 0;
        for (long i = 0; i < count; i++) votes += values[i] == order;
        if (2 * votes > count) return order;
    }
    return first(orders);
}

static const char *use(OM *om, long depth)       /* step 3, and step 2 of OM(0), where there are no others */
{
    const char **values = room(NULL, n * sizeof *values), *used;
    long count = 0;
    values[count++] = om->value;
    for (long j = 0; j < n && depth <= m; j++)
        if (other(j, depth)) path[depth] = j, values[count++] = use(inside(om, j), depth + 1);
    used = majority(values, count);
    free(values);
    return used;
}

static void forget(OM *om)                       /* all that is inside it */
{
    for (long j = 0; om->inside && j < n; j++) if (om->inside[j]) forget(om->inside[j]), free(om->inside[j]);
    free(om->inside), om->inside = NULL;
}

static int begin(const char *body)               /* whether init says all that is needed */
{
    forget(&whole), now = 0;
    me = general(field(body, "\"node_id\":")), m = number(field(field(body, "\"parameters\":"), "\"m\":")), n = 0;
    for (const char *id = first(field(body, "\"node_ids\":")); id; id = next(id)) n++;
    orders = field(body, "\"orders\":"), neighbours = field(body, "\"neighbours\":");
    whole.value = known(field(body, "\"order\":")) ? known(field(body, "\"order\":")) : first(orders);
    path = room(path, (n + 1) * sizeof *path);
    return me >= 0 && me < n && m >= 0 && neighbours && whole.value ? 1 : (n = 0);
}

static void answer(const char *asked, const char *type, const char *decision)
{
    printf("{\"src\":\"n%ld\",\"dest\":\"network\",\"body\":{", me);
    if (asked) printf("\"in_reply_to\":%.*s,", size(asked), asked);
    if (decision) printf("\"decision\":%.*s,", size(decision), decision);
    printf("\"type\":%s}}\n", type);
    fflush(stdout);
}

static const char *play(void)                    /* the decision, in the round in which there is one */
{
    path[0] = 0;
    if (me == 0) return send(whole.value, 1), whole.value;
    if (now == m + 2) return use(&whole, 1);
    if (now > 1) act_as_commander(&whole, 1);
    return NULL;
}

int main(void)
{
    char *init = NULL;
    for (char *line; (line = read_line());) {
        const char *body = field(line, "\"body\":"), *type = field(body, "\"type\":"), *id = field(body, "\"msg_id\":");
        if (is(type, "\"init\"")) {
            int complete = begin(body), known = is(field(body, "\"protocol\":"), "\"om\"");
            answer(id, known && complete ? INITIALISED : known ? UNREADABLE : UNKNOWN, NULL);
            free(init), init = line; /* the lists in it are read where they stand, so it is kept until the next one */
            continue;
        }
        if (!n || !type) answer(id, UNREADABLE, NULL);
        else if (is(type, "\"order\""))
            receive(general(field(line, "\"src\":")), field(body, "\"label\":"), field(body, "\"order\":"));
        else if (is(type, "\"round\""))
            now = number(field(body, "\"round\":")), answer(id, "\"round_ok\"", play());
        else answer(id, UNKNOWN, NULL);
        free(line);
    }
    return 0;
}
