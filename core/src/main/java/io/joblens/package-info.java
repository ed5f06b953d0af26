/**
 * One Java API to ask "what are my jobs doing?" of every cloud.
 *
 * <p>Terminology: a <em>provider</em> is a kind of service; a <em>cloud</em> is one configured
 * provider with its account, regions and scope, under a name the user chose; a <em>job</em> is a
 * definition; a <em>run</em> is one execution of it. Start with a provider's builder or with {@link
 * io.joblens.JobFleet#fromConfig}.
 */
@NullMarked
package io.joblens;

import org.jspecify.annotations.NullMarked;
