using System.Text;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>What the names of arguments say, remembered by their fingerprints. Owned by one <see cref="ValueTracer"/>; at most 256, then it begins anew.</summary>
internal sealed class ArgumentNames(FingerprintKey key)
{
    private const int MostNames = 256;
    private const int LongestName = 64;

    private readonly Dictionary<ulong, ArgumentName> _names = [];

    /// <summary>An argument of a tool.</summary>
    /// <param name="tool">Fingerprint of the tool.</param>
    /// <param name="executes">Whether the call executes something.</param>
    /// <param name="name">The argument's name, UTF-8.</param>
    public ArgumentName Of(ulong tool, bool executes, ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, LongestName)];
        var fingerprint = Fingerprint.Of(key, name);
        if (!_names.TryGetValue(fingerprint, out var known))
        {
            if (_names.Count == MostNames)
            {
                _names.Clear();
            }

            _names.Add(fingerprint, known = ArgumentName.Of(PlainText.Of(Encoding.UTF8.GetString(name))));
        }

        return known with { Fingerprint = TextTokens.Pair(tool, fingerprint), IsStatement = executes && known.IsStatement, Namesakes = known.IsRecord ? fingerprint : 0 };
    }
}
