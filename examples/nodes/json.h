/* Reading JSON, a line at a time, where it stands: a value is known by where it begins, and NULL stands for what is not
 * there. A key is given as it is written, with quotes and colon, "\"type\":". Texts are compared as they are written:
 * "\u0041" is not "A". Nothing recurses, so nothing nests too deeply. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *after(const char *s)   /* where the value at s ends */
{
    long depth = 0;
    do switch (*s++) {
        case '"': while (*s != '"') if (!*s || (*s++ == '\\' && !*s++)) return NULL;
                  s++; break;
        case '[': case '{': depth++; break;
        case ']': case '}': depth--; break;
        case ',': case ':': if (!depth) return NULL;
                  break;
        case '\0': return NULL;
        default: s += strspn(s, "+-.0123456789Eaeflnrstu");
    } while (depth > 0);
    return depth ? NULL : s;
}

static int size(const char *s) { return (int)(after(s) - s); }

static const char *first(const char *s)   /* what comes first in the list or object at s */
{
    return s && (*s == '[' || *s == '{') && after(s) && size(s) > 2 && after(s + 1) ? s + 1 : NULL;
}

static const char *next(const char *s)    /* what comes after the value at s, in the same list or object */
{
    s = s ? after(s) : NULL;
    return s && (*s == ',' || *s == ':') && after(s + 1) ? s + 1 : NULL;
}

static const char *field(const char *s, const char *key)
{
    for (s = first(s); s && strncmp(s, key, strlen(key)); s = next(s)) continue;
    return next(s);
}

static int is(const char *s, const char *text) { return s && !strncmp(s, text, strlen(text)); }

static long number(const char *s)         /* a whole number; -1 for anything else */
{
    char *end = NULL;
    long value = s && isdigit((unsigned char)*s) ? strtol(s, &end, 10) : -1;
    return value >= 0 && value < 1L << 30 && *end && strchr(",]}\"", *end) ? value : -1;
}

static long general(const char *s) { return is(s, "\"n") ? number(s + 2) : -1; }

static void *room(void *old, size_t bytes)
{
    void *more = realloc(old, bytes);
    if (!more) fputs("out of memory\n", stderr), exit(1);
    return more;
}

static char *read_line(void)              /* the next line, without those spaces; NULL at the end of the input */
{
    size_t length = 0, space = 256;
    int c, in_text = 0, escaped = 0;
    char *line = room(NULL, space);
    while ((c = getchar()) != EOF && c != '\n') {
        if (length + 1 == space) line = room(line, space *= 2);
        if (in_text || !isspace(c)) line[length++] = (char)c;
        if (c == '"' && !escaped) in_text = !in_text;
        escaped = c == '\\' && !escaped;
    }
    line[length] = '\0';
    return c == EOF ? NULL : line;
}
