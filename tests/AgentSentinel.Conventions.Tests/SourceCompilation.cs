using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentSentinel.Conventions.Tests;

/// <summary>
/// Source files bound in memory, so that a rule sees what a name means rather than how it is spelled: <c>call.Result</c> is a fact,
/// <c>task.Result</c> a blocked thread. All projects are bound as one, and code generators do not run: rules must bear with members they would add.
/// </summary>
internal sealed class SourceCompilation
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("AgentSentinel.", StringComparison.Ordinal) && Path.GetFileName(file) != "sentinel.dll")
            .Select(file => MetadataReference.CreateFromFile(file))];

    private readonly CSharpCompilation _compilation;

    public SourceCompilation(IReadOnlyList<SourceFile> files)
    {
        Files = files;
        _compilation = CSharpCompilation.Create(
            "Conventions",
            [.. files.Select(file => file.Tree), CSharpSyntaxTree.ParseText(ImplicitUsings, SourceFile.ParseOptions)],
            References,
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
    }

    public IReadOnlyList<SourceFile> Files { get; }

    public static SourceCompilation Of(params ReadOnlySpan<(string Path, string Text)> files)
    {
        var sources = new List<SourceFile>();
        foreach (var (path, text) in files)
        {
            sources.Add(new(path, text));
        }

        return new(sources);
    }

    public SemanticModel Model(SourceFile file) => _compilation.GetSemanticModel(file.Tree);

    /// <summary>Every name in the files with what it stands for.</summary>
    public IEnumerable<(SourceFile File, SimpleNameSyntax Name, ISymbol Symbol)> Uses(Func<string, bool> isOfInterest)
    {
        foreach (var file in Files)
        {
            SemanticModel? model = null;
            foreach (var name in file.Unit.DescendantNodes().OfType<SimpleNameSyntax>().Where(name => isOfInterest(name.Identifier.Text)))
            {
                var info = (model ??= Model(file)).GetSymbolInfo(name);
                if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is { } symbol)
                {
                    yield return (file, name, symbol);
                }
            }
        }
    }

    /// <summary>Names that mean nothing here although nobody generates them: where rules that ask for meaning would be blind.</summary>
    public IEnumerable<string> Unresolved() =>
        _compilation.GetDiagnostics().Where(diagnostic => diagnostic.Id is "CS0103" or "CS0234" or "CS0246").Select(diagnostic => diagnostic.ToString());

    /// <summary>Public types and members without XML documentation.</summary>
    public IEnumerable<string> Undocumented() =>
        _compilation.GetDiagnostics().Where(diagnostic => diagnostic.Id == "CS1591").Select(diagnostic => diagnostic.ToString());

    /// <summary>The full name of the type a member belongs to, without type arguments.</summary>
    public static string OwnerOf(ISymbol symbol) =>
        symbol.ContainingType is { } owner ? $"{owner.ContainingNamespace.ToDisplayString()}.{owner.Name}" : "";
}
