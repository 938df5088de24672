using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentSentinel.Conventions.Tests;

/// <summary>Which of Core's folders may use which.</summary>
internal static class CoreLayerRules
{
    private const string Core = "AgentSentinel.Core";

    /// <summary>What each folder may use besides itself. The engines at Core's root may use all; nobody may use them.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Events"] = [],
        ["State"] = [],
        ["Statistics"] = ["State"],
        ["Series"] = ["State", "Statistics"],
        ["Windowing"] = ["Events", "State"],
        ["Registry"] = ["Events"],
        ["Detection"] = ["Events", "State", "Statistics", "Windowing", "Registry"],
        ["Detectors"] = ["Events", "State", "Statistics", "Series", "Windowing", "Registry", "Detection"],
        ["Incidents"] = ["Events", "State", "Windowing", "Registry", "Detection"],
        ["Audit"] = ["State", "Statistics", "Incidents", "Response"],
        ["Response"] = ["Events", "State", "Statistics", "Windowing", "Registry", "Detection", "Incidents"],
    };

    public static IEnumerable<string> Forbidden(SourceCompilation core)
    {
        foreach (var file in core.Files.Where(file => file.Folders.Count > 0))
        {
            var folder = file.Folders[0];
            if (!Allowed.TryGetValue(folder, out var allowed))
            {
                yield return $"{file.Path}: the folder {folder} has no line in CoreLayerRules.Allowed";
                continue;
            }

            // One line for each folder that a file uses: the first use leads to the others.
            foreach (var (used, node) in Uses(core, file).DistinctBy(use => use.Folder))
            {
                if (used != folder && !allowed.Contains(used))
                {
                    yield return $"{SourceFile.At(node)}: {folder} uses {(used.Length == 0 ? "Core's root" : used)} through '{node}'";
                }
            }
        }
    }

    public static IEnumerable<string> GlobalUsings(IEnumerable<SourceFile> core, ProjectFile project) =>
        core.SelectMany(file => file.Unit.Usings).Where(line => line.GlobalKeyword.Text.Length > 0).Select(SourceFile.At)
            .Concat(project.HasGlobalUsings ? [project.Path] : []);

    /// <summary>Everything a file needs: what its names stand for, and the types of its expressions, named or not.</summary>
    private static IEnumerable<(string Folder, SyntaxNode Node)> Uses(SourceCompilation core, SourceFile file)
    {
        var model = core.Model(file);
        var namespaces = file.Unit.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().Select(declared => declared.Name.Span).ToArray();
        foreach (var name in file.Unit.DescendantNodes().OfType<SimpleNameSyntax>().Where(name => !namespaces.Any(span => span.Contains(name.Span))))
        {
            var info = model.GetSymbolInfo(name);
            var symbols = info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
            foreach (var folder in symbols.SelectMany(FoldersOf).Concat(FoldersOf(model.GetTypeInfo(name).Type)).Distinct())
            {
                yield return (folder, name);
            }
        }
    }

    private static IEnumerable<string> FoldersOf(ISymbol? symbol) => symbol switch
    {
        // A generic type stands in its own definition with its type parameters, which contain the type again: they belong to nobody.
        null or ITypeParameterSymbol => [],
        INamespaceSymbol space => FolderOf(space) is { Length: > 0 } folder ? [folder] : [],
        IArrayTypeSymbol array => FoldersOf(array.ElementType),
        INamedTypeSymbol type => type.TypeArguments.SelectMany(FoldersOf).Concat(FolderOf(type.ContainingNamespace) is { } folder ? [folder] : []),
        ILocalSymbol local => FoldersOf(local.Type),
        IParameterSymbol parameter => FoldersOf(parameter.Type),
        IMethodSymbol method => FoldersOf(method.ContainingType).Concat(FoldersOf(method.ReturnType)),
        IPropertySymbol property => FoldersOf(property.ContainingType).Concat(FoldersOf(property.Type)),
        IFieldSymbol field => FoldersOf(field.ContainingType).Concat(FoldersOf(field.Type)),
        _ => FoldersOf(symbol.ContainingType),
    };

    /// <summary>The folder of Core that a namespace belongs to; empty for Core's root, null outside of Core.</summary>
    private static string? FolderOf(INamespaceSymbol? space)
    {
        var name = space?.ToDisplayString() ?? "";
        return name == Core ? "" : name.StartsWith(Core + ".", StringComparison.Ordinal) ? name[(Core.Length + 1)..].Split('.')[0] : null;
    }
}
