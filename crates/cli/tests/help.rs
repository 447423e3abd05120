//! Help of the program and its verbs.

mod common;

use common::Bench;

/// Help is reviewed text.
macro_rules! help {
    ($args:expr, @$text:literal) => {
        insta::assert_snapshot!(Bench::new().stdout(&$args), @$text);
    };
}

#[test]
fn help_of_the_whole() {
    help!(["--help"], @r"
    The rare-earth supply chain from ore to motor: who controls it, what happens when it breaks

    Usage: monazite [OPTIONS] <COMMAND>

    Commands:
      simulate     Run a scenario and show who runs short of what, at which price, for how long
      scenario     List, show, check and begin scenarios
      explain      Say why a price is what it is, or why somebody runs short
      runs         List, show, compare, check and remove ensembles
      sensitivity  Rank which evidence drives a price, a shortage or a loss
      risk         Say who controls the chain: shares, concentration, import reliance, criticality
      backtest     Simulate quarters that are past, and score what comes out against what happened
      validate     Hold every published figure that comes with the program against what it computes
      exposure     Say what is exposed: products, platforms, fleets, industries, GDP
      brief        Turn an article into events, checked claims, a scenario and numbers
      deals        List and filter the ledger of deals, and sum the money
      data         Look into the evidence and check it
      project      Value deposits and projects: is it viable, at which price, with which floor
      plan         Find the measures that most reduce what disruptions cost, within a budget
      stockpile    Say what runs short in an emergency, what covers it, and which stock is left to buy
      market       Look into the calibrated market
      serve        Open the atlas: a local web application, with a documented HTTP API

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Output:
          --json
              Print JSON instead of tables for people

          --csv[=<TABLE>]
              Print one table as CSV: the main one, or the one named

          --parquet <FILE>
              Also write the main table as Parquet; all tables where FILE is a folder

          --xlsx <FILE>
              Also write all tables as an Excel workbook, a sheet each, sources last

          --color <WHEN>
              Colour the output; `NO_COLOR` is respected

              Possible values:
              - auto:   On a terminal
              - always: Even into a file
              - never:  Not at all
              
              [default: auto]

    Evidence:
          --dataset <DIR>
              Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite simulate china-2025-04
      monazite risk
      monazite exposure --country USA --scenario china-2025-04
      monazite explain results/china-2025-04 --price Dy --place JPN --quarter 2025Q3
      monazite data why MMR Dy mine

    Exit codes:
      0  fine
      1  something failed that should work
      2  wrong usage or wrong input: a word, file or folder
      3  a check found problems
    ");
}

#[test]
fn help_of_verbs() {
    help!(["simulate", "--help"], @r"
    Run a scenario and show who runs short of what, at which price, for how long

    Usage: monazite simulate [OPTIONS] <NAME|FILE>

    Arguments:
      <NAME|FILE>
              A scenario that comes with the program, or a file

    Options:
          --view <VIEW>
              How finely the world is divided

              Possible values:
              - full:   Some forty countries and the rest of each continent
              - bloc14: Fourteen blocs
              
              [default: full]

          --out <DIR>
              Folder for the result [default: results/NAME]

          --force
              Replace a result, or what a stopped run left behind

          --no-report
              Leave out the HTML report

          --timings
              Show how long each phase took

          --intervals
              Say which prices are not unique, and between which bounds they may lie

      -h, --help
              Print help (see a summary with '-h')

    Ensemble:
          --paths <N>
              Run so many paths over the uncertain evidence, and show bands

          --seed <N>
              Seed of the draws; the same seed gives two scenarios the same draws
              
              [default: 1]

          --sampler <SAMPLER>
              How draws are spread

              Possible values:
              - sobol: Scrambled Sobol sequence
              - lhs:   Latin hypercube
              
              [default: sobol]

          --threads <N>
              Worker threads; 0 means one per core. The result does not depend on it
              
              [default: 0]

          --variants <N>
              Draws of the base year that are balanced; every path stands on one of them
              
              [default: 24]

          --part-paths <N>
              Paths that are written together: the most that a stopped run loses
              
              [default: 250]

          --versus <NAME|FILE>
              Run this scenario on the same draws too, and show the differences path by path

    Output:
          --json
              Print JSON instead of tables for people

          --csv[=<TABLE>]
              Print one table as CSV: the main one, or the one named

          --parquet <FILE>
              Also write the main table as Parquet; all tables where FILE is a folder

          --xlsx <FILE>
              Also write all tables as an Excel workbook, a sheet each, sources last

          --color <WHEN>
              Colour the output; `NO_COLOR` is respected

              Possible values:
              - auto:   On a terminal
              - always: Even into a file
              - never:  Not at all
              
              [default: auto]

    Evidence:
          --dataset <DIR>
              Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite simulate china-2025-04
      monazite simulate my-scenario.toml --view bloc14 --out results/mine
      monazite simulate china-2025-04 --csv=prices > prices.csv
      monazite simulate china-2025-10 --view bloc14 --paths 1000 --seed 7

    Tables for --csv=TABLE: shortages, price_path, losses, still_short, events; and in full: prices,
    flows, uses, stocks, production, capacities, quotas, policies. The result folder holds them as
    Parquet.
    ");
}

#[test]
fn help_of_other_verbs() {
    help!(["explain", "-h"], @r"
    Say why a price is what it is, or why somebody runs short

    Usage: monazite explain [OPTIONS] --place <PLACE> <--price <PRODUCT>|--shortage <PRODUCT>> <RESULT>

    Arguments:
      <RESULT>  A result folder

    Options:
          --price <PRODUCT>     Why this product costs what it does: `Dy`, `oxide:Dy`, `metal:Nd`,
                                `magnet:uh`
          --shortage <PRODUCT>  Why users run short of this product
          --place <PLACE>       Where: `JPN`, `Japan`
          --quarter <QUARTER>   When: `2025Q3`, or `base` [default: the quarter with the highest price]
      -h, --help                Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite explain results/china-2025-04 --price Dy --place JPN --quarter 2025Q3
      monazite explain results/china-2025-04 --shortage magnet:uh --place DEU
    ");
}

#[test]
fn help_of_nouns() {
    help!(["data", "-h"], @r"
    Look into the evidence and check it

    Usage: monazite data [OPTIONS] <COMMAND>

    Commands:
      list       List the tables
      show       Show rows of a table
      describe   Say what the columns of a table mean
      check      Check a dataset
      sources    List the sources, or show one
      why        Show the evidence on a place, element and stage, conflicts side by side
      groups     List the groups of countries, or show one: who belonged to it when
      place      Say which place a name or code means
      import     Import your own copy of a data set, in its original layout, into a folder of tables
      lock       Show the content hashes and vintages of the dataset
      base-year  Show the balanced base year: totals by stage and place, targets, and what had to be
                 adjusted

    Options:
      -h, --help  Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program
    ");
    help!(["scenario", "-h"], @r"
    List, show, check and begin scenarios

    Usage: monazite scenario [OPTIONS] <COMMAND>

    Commands:
      list   List the scenarios that come with the program
      show   Show a scenario: what happens when, and on which evidence
      check  Check scenario files without running them
      new    Write a file to start a new scenario from

    Options:
      -h, --help  Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program
    ");
}

#[test]
fn help_of_views_of_the_model() {
    help!(["data", "base-year", "-h"], @r"
    Show the balanced base year: totals by stage and place, targets, and what had to be adjusted

    Usage: monazite data base-year [OPTIONS] [YEAR]

    Arguments:
      [YEAR]  The year [default: 2024]

    Options:
          --adjustments <N>  How many adjustments to show [default: 15]
          --view <VIEW>      How finely the world is divided [default: full] [possible values: full,
                             bloc14]
      -h, --help             Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite data base-year
      monazite data base-year 2009 --adjustments 40
    ");
    help!(["market", "calibrate", "-h"], @r"
    Show how well the base quarter reproduces the evidence

    Usage: monazite market calibrate [OPTIONS]

    Options:
          --base-year <YEAR>  The base year [default: 2024]
          --view <VIEW>       How finely the world is divided [default: full] [possible values: full,
                              bloc14]
      -h, --help              Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program
    ");
}
