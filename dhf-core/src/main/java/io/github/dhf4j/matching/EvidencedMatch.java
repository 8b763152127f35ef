package io.github.dhf4j.matching;

import io.github.dhf4j.feature.MatchEvidence;

/**
 * A match, and what tells how far it can be trusted.
 *
 * @param match the places
 * @param evidence of what was searched for them
 */
public record EvidencedMatch(Correspondence match, MatchEvidence evidence) {}
