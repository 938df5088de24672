namespace AgentSentinel.Conventions.Tests;

/// <summary>What rules found, all at once.</summary>
internal static class Violations
{
    /// <summary>Fails with every violation and with what to do about them.</summary>
    public static void AssertNone(IEnumerable<string> violations, string whatToDo)
    {
        var all = violations.Distinct().Order(StringComparer.Ordinal).ToArray();
        if (all.Length > 0)
        {
            Assert.Fail($"{whatToDo}{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", all)}");
        }
    }
}
