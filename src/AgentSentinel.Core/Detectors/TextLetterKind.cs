namespace AgentSentinel.Core.Detectors;

/// <summary>What a sign does in a text.</summary>
internal enum TextLetterKind
{
    /// <summary>It stands between words.</summary>
    Separator,

    /// <summary>A letter or digit of an alphabet.</summary>
    Letter,

    /// <summary>A sign of a script that writes no spaces between words: between it and letters a word ends.</summary>
    Ideograph,

    /// <summary>Nobody sees it: it is left out of the word that it stands in.</summary>
    Invisible,
}
