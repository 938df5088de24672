namespace AgentSentinel.Service.Live;

/// <summary>Something that people who are watching are told at once.</summary>
/// <param name="Id">Its place: the journal's offset and a number within it. Instances agree on it where an entry caused it, not where time alone did.</param>
/// <param name="Kind">What it is: <c>alert</c>, <c>suspension</c>, <c>command</c>, or <c>gap</c> where events were lost.</param>
/// <param name="Json">What is told, as one JSON object in UTF-8 without a newline. Holds telemetry text: data.</param>
public sealed record FeedEvent(string Id, string Kind, ReadOnlyMemory<byte> Json);
