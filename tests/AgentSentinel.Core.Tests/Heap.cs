namespace AgentSentinel.Core.Tests;

/// <summary>The heap of the test process, for tests for which nothing else runs beside them.</summary>
internal static class Heap
{
    /// <summary>
    /// Its size when collecting frees no more. GetTotalMemory's own collections end within one part in twenty: of what other tests leave behind, that is more than
    /// what is measured here.
    /// </summary>
    public static long SettledBytes()
    {
        const long Unchanged = 10_000;
        long size;
        long before;
        var collections = 0;
        do
        {
            before = GC.GetTotalMemory(forceFullCollection: false);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            size = GC.GetTotalMemory(forceFullCollection: false);
        }
        while (Math.Abs(size - before) > Unchanged && ++collections < 50);

        return size;
    }
}
