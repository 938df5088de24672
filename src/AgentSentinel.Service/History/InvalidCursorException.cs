namespace AgentSentinel.Service.History;

/// <summary>A page was asked for that begins where no page of this list and order can.</summary>
public sealed class InvalidCursorException() : Exception("This is not the beginning of a page of this list in this order.");
