/* Linked into the static program only (.ci/static-build).
 *
 * glibc loads the services of /etc/nsswitch.conf, such as "resolve" or "mdns4_minimal", as shared libraries, also into a static
 * program, and they bring a second glibc along. If that is another version, the program can crash while it looks up a name. So the
 * static program uses what is linked in, whatever that file says: /etc/hosts, then the name servers of /etc/resolv.conf.
 */
#include <nss.h>

__attribute__((constructor)) static void use_what_is_linked_in(void) {
    __nss_configure_lookup("hosts", "files dns");
    __nss_configure_lookup("passwd", "files");
    __nss_configure_lookup("group", "files");
}
