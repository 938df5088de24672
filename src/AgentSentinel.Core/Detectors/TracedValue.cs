namespace AgentSentinel.Core.Detectors;

/// <summary>One value of a call's arguments and where it had occurred before.</summary>
/// <param name="Argument">Fingerprint of tool and argument.</param>
/// <param name="ArgumentName">The argument's own name, its hash within the call: which one it is, for evidence.</param>
/// <param name="Value">Fingerprint of the value.</param>
/// <param name="Origins">The texts of the session that hold it, a bit for each: see <see cref="LineageSession"/>.</param>
/// <param name="FirstToken">Where its words begin in the tracer's list.</param>
/// <param name="Tokens">How many there are.</param>
/// <param name="IsAddress">It looks like a host, URL or e-mail address.</param>
/// <param name="IsCredential">The argument's name says that it holds a credential.</param>
/// <param name="IsOrder">The argument's name says that it is carried out, and it has more words than coincidence gives.</param>
/// <param name="SaysWho">The argument's name says that it is who gets something.</param>
/// <param name="SaysWhere">The argument's name says that it is a place that the call may go to.</param>
/// <param name="IsShort">At most three characters and a digit among them: the number of a record rather than the name of a destination.</param>
/// <param name="Namesakes">Fingerprint of what arguments of other tools are named as well, where that says which record is meant; 0 where it does not.</param>
/// <param name="Place">Fingerprint of the host of an address with a path and of somebody's mailbox; 0 for all else.</param>
/// <param name="IsMailbox">It is somebody's mailbox, or what is left of one: its host.</param>
/// <param name="IsMention">It is that, and the argument's name says that it stands there to be read.</param>
/// <param name="IsAsked">The request does not have it, but a word of it: it may well be what the request is about.</param>
internal readonly record struct TracedValue(
    ulong Argument, string ArgumentName, ulong Value, ulong Origins, int FirstToken, int Tokens, bool IsAddress, bool IsCredential, bool IsOrder, bool SaysWho, bool SaysWhere, bool IsShort, ulong Namesakes, ulong Place, bool IsMailbox, bool IsMention, bool IsAsked)
{
    /// <summary>
    /// Under which name it is remembered. Numbers that tell records apart are the same everywhere: that shift 6 was cancelled makes it no more usual to delete file 6.
    /// </summary>
    public ulong Key => IsShort ? TextTokens.Pair(Argument, Value) : Value;

    /// <summary>
    /// Under which name its use is remembered. That something was read makes it no more usual to write there: whoever hijacks an agent would have it look first.
    /// </summary>
    public ulong UseOf(bool isConsequential) => isConsequential ? Key : ~Key;

    /// <summary>Under which name the use of its host is remembered; 0 when it has none to be remembered.</summary>
    public ulong PlaceOf(bool isConsequential) => isConsequential || Place == 0 ? Place : ~Place;
}
